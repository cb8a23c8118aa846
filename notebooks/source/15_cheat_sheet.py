# %% [markdown] name="title"
# # 15 · Cheat sheet
#
# **Every argument of `keras.optimizers.SGD` on one page.** The order is Keras's; the numbers in the course's map are the chapters.
# w are the weights, g the gradient, v the velocity, η the learning rate, β the momentum, λ a curvature.

# %% name="table"
from IPython.display import Markdown

from course.publish.cheat_sheet import markdown

Markdown(markdown())

# %% [markdown] name="order"
# **The order within one step:** drop missing gradients → unscale → accumulate → clip → decay → velocity → weights → average → overwrite →
# constraints → count.
#
# **Where to begin:** `SGD(learning_rate=0.01, momentum=0.9, nesterov=True)`, then the learning rate by factors of 3 both ways, then a
# schedule. Everything else has a symptom that calls for it: see [My loss is nan / flat / jumping](14_when_training_goes_wrong.ipynb).
#
# **Numbers worth knowing:** plain descent settles for η < 2/λ, momentum for η < 2(1 + β)/λ, Nesterov for η < (2 + 2β)/((1 + 2β)λ). Momentum 0.9
# remembers 10 steps and multiplies the effective rate by 10. An untrained classifier's loss is ln(classes).
