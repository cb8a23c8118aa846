# %% [markdown] name="title"
# # 15 · Cheat sheet
#
# **Every argument of `keras.optimizers.SGD` on one page,** in Keras's order. w are the weights, g the gradient, v the velocity, η the
# learning rate, β the momentum, λ a curvature, T the number of steps.

# %% name="table"
from IPython.display import Markdown

from course.publish.cheat_sheet import companions, markdown

Markdown(markdown())

# %% name="companions"
Markdown(companions())

# %% [markdown] name="order"
# **The order within one step:** drop missing gradients → unscale → accumulate → clip → decay → velocity → weights → average → overwrite →
# constraints → count.
#
# **Where to begin:** `SGD(learning_rate=0.01, momentum=0.9, nesterov=True)`, then the learning rate by factors of 3 both ways, then a
# schedule with a larger one ([chapter 12](12_tuning_sgd.ipynb)). Everything else has a symptom that calls for it: see
# [My loss is nan / flat / jumping](14_when_training_goes_wrong.ipynb).
#
# **Numbers worth knowing:** plain descent settles for η < 2/λ, momentum for η < 2(1 + β)/λ, Nesterov for η < (2 + 2β)/((1 + 2β)λ). Momentum 0.9
# remembers 10 steps and multiplies the effective rate by 10. An untrained classifier's loss is near ln(classes); a classifier that stays there
# may have [dead units](16_glossary.ipynb#Dead-unit).
#
# **What is fixed when:** Keras reads a callable and momentum while it turns the step into a [graph](16_glossary.ipynb#Graph-and-eager), which
# [XLA](16_glossary.ipynb#XLA) or [fused kernels](16_glossary.ipynb#Fused-kernel) then run. The
# [dtype policy](16_glossary.ipynb#Dtype-policy) decides where gradients may [overflow or underflow](16_glossary.ipynb#Overflow-and-underflow),
# and whether [dynamic scaling](16_glossary.ipynb#Dynamic-scaling) guards them. With several devices the batch that counts is the
# [global](16_glossary.ipynb#Global-batch) one.
