# %% [markdown] name="title"
# # 16 · Glossary
#
# **The course's words, one line each.** Each leads to the chapter that teaches it. An argument of SGD stands where its word does; `name` alone
# has none, as it only labels the optimizer.

# %% [markdown] name="Accumulation"
# #### Accumulation
#
# Adding up the gradients of k calls before one update with their mean. In Keras `gradient_accumulation_steps`. *Chapter [09](09_gradient_accumulation.ipynb).*

# %% [markdown] name="Average-of-the-weights"
# #### Average of the weights
#
# EMA, a running mean of the weights that forgets by the factor m per step; calmer than the weights themselves. In Keras `use_ema`, with m as `ema_momentum`; every `ema_overwrite_frequency` steps it replaces them. *Chapter [08](08_averaging_the_weights.ipynb).*

# %% [markdown] name="Batch"
# #### Batch
#
# The examples whose mean gradient one call of the optimizer gets; with accumulation k such batches make one step. *Chapter [02](02_stochastic_gradients.ipynb), [09](09_gradient_accumulation.ipynb).*

# %% [markdown] name="Bias"
# #### Bias
#
# What the mean of a guess is off by; a minibatch gradient has none, a clipped one has. (A layer's bias is another thing: the number that it adds.) *Chapter [02](02_stochastic_gradients.ipynb), [07](07_clipping.ipynb).*

# %% [markdown] name="Clipping"
# #### Clipping
#
# Cutting gradients that are too long: by entry, by variable, or all by one factor. In Keras `clipvalue`, `clipnorm` and `global_clipnorm`. *Chapter [07](07_clipping.ipynb).*

# %% [markdown] name="Condition-number"
# #### Condition number
#
# κ = L/μ, the largest curvature by the smallest; a valley is √κ times as long as it is wide. *Chapter [01](01_gradient_descent.ipynb).*

# %% [markdown] name="Critical-damping"
# #### Critical damping
#
# The friction at which a ball comes to rest fastest without swinging, β = (1 − √(ηλ))². *Chapter [04](04_momentum_as_friction.ipynb).*

# %% [markdown] name="Curvature"
# #### Curvature
#
# λ, the second derivative along a direction; an eigenvalue of the Hessian. How fast the slope changes. *Chapter [01](01_gradient_descent.ipynb).*

# %% [markdown] name="Dead-unit"
# #### Dead unit
#
# A hidden unit whose output is 0 for every example: its gradient is 0, too, so that no gradient brings it back. *Chapter [14](14_when_training_goes_wrong.ipynb).*

# %% [markdown] name="Decoupled-weight-decay"
# #### Decoupled weight decay
#
# Shrinking the weights themselves, apart from the gradient; not the same as a penalty once there is momentum or a clip. In Keras `weight_decay`. *Chapter [06](06_weight_decay.ipynb).*

# %% [markdown] name="Dtype-policy"
# #### Dtype policy
#
# Keras's choice of number types: `mixed_float16` computes in float16 and keeps the weights in float32. *Chapter [10](10_loss_scaling.ipynb).*

# %% [markdown] name="Dynamic-scaling"
# #### Dynamic scaling
#
# A loss scale that adapts itself: halved, and the step skipped, after an overflow; doubled after many good steps. *Chapter [10](10_loss_scaling.ipynb).*

# %% [markdown] name="Effective-rate"
# #### Effective rate
#
# η/(1 − β): the learning rate that plain descent would need for the same speed on a steady slope. *Chapter [04](04_momentum_as_friction.ipynb).*

# %% [markdown] name="Epoch"
# #### Epoch
#
# One pass through the training data. *Chapter [02](02_stochastic_gradients.ipynb).*

# %% [markdown] name="Friction"
# #### Friction
#
# What takes speed from the ball; momentum β is what it leaves, 1 − β what it takes per step. *Chapter [04](04_momentum_as_friction.ipynb).*

# %% [markdown] name="Fused-kernel"
# #### Fused kernel
#
# One function that does several operations in one pass over memory. *Chapter [11](11_the_whole_optimizer.ipynb), [13](13_gpus_and_many_devices.ipynb).*

# %% [markdown] name="Global-batch"
# #### Global batch
#
# The examples of all replicas together, of which one step is made. *Chapter [13](13_gpus_and_many_devices.ipynb).*

# %% [markdown] name="Gradient"
# #### Gradient
#
# The vector of slopes of the loss; it points uphill, and its length says how steeply. *Chapter [00](00_start_here.ipynb), [01](01_gradient_descent.ipynb).*

# %% [markdown] name="Graph-and-eager"
# #### Graph and eager
#
# Eager: each operation runs as Python reaches it. Graph: operations recorded once, then run as a whole; what Python decided while recording stays. *Chapter [03](03_learning_rate_schedules.ipynb), [13](13_gpus_and_many_devices.ipynb).*

# %% [markdown] name="Half-precision"
# #### Half precision
#
# Numbers of 16 bits: float16 (fine, short range) and bfloat16 (coarse, the range of float32). *Chapter [10](10_loss_scaling.ipynb).*

# %% [markdown] name="Heavy-ball"
# #### Heavy ball
#
# Gradient descent with momentum, in Polyak's words. *Chapter [04](04_momentum_as_friction.ipynb).*

# %% [markdown] name="Hessian"
# #### Hessian
#
# The matrix of second derivatives of the loss; its eigenvalues are the curvatures. *Chapter [01](01_gradient_descent.ipynb).*

# %% [markdown] name="Lag"
# #### Lag
#
# How many steps an average is behind what it follows, m/(1 − m). *Chapter [08](08_averaging_the_weights.ipynb).*

# %% [markdown] name="Learning-rate"
# #### Learning rate
#
# η, what the gradient is multiplied by to make a step; its unit is that of a weight divided by that of a gradient. In Keras `learning_rate`. *Chapter [01](01_gradient_descent.ipynb).*

# %% [markdown] name="Look-ahead"
# #### Look-ahead
#
# The point w + βv to which the velocity alone would carry the ball; Nesterov's gradient is read there. With `nesterov=True` Keras's weights *are* these points. *Chapter [05](05_nesterov_look_ahead.ipynb).*

# %% [markdown] name="Loss"
# #### Loss
#
# The number that training makes small. *Chapter [00](00_start_here.ipynb).*

# %% [markdown] name="Loss-scaling"
# #### Loss scaling
#
# Multiplying the loss before differentiating and dividing the gradients after, so that small ones survive float16. In Keras `loss_scale_factor`. *Chapter [10](10_loss_scaling.ipynb).*

# %% [markdown] name="Momentum"
# #### Momentum
#
# β, the part of the velocity that stays from one step to the next. In Keras `momentum`. *Chapter [04](04_momentum_as_friction.ipynb).*

# %% [markdown] name="Noise-floor"
# #### Noise floor
#
# The mean squared distance from the minimum that gradient noise keeps up however long you train; nearly proportional to η while ηλ is small. (Chapter 13's floor of a step is another: the bytes that it must move.) *Chapter [02](02_stochastic_gradients.ipynb).*

# %% [markdown] name="Overflow-and-underflow"
# #### Overflow and underflow
#
# A number too large for its type becomes inf, one too small becomes 0. *Chapter [10](10_loss_scaling.ipynb).*

# %% [markdown] name="Penalty"
# #### Penalty
#
# A term in the loss that grows with the weights; its gradient goes through clipping and velocity like any other. *Chapter [06](06_weight_decay.ipynb).*

# %% [markdown] name="Range-test"
# #### Range test
#
# One run whose learning rate rises at every step until the loss is back above its start. *Chapter [12](12_tuning_sgd.ipynb).*

# %% [markdown] name="Rate-of-convergence"
# #### Rate of convergence
#
# The *factor per step* by which the distance shrinks in the long run; "rate" alone is the learning rate. *Chapter [01](01_gradient_descent.ipynb).*

# %% [markdown] name="Replica"
# #### Replica
#
# The copy of the model on one of several devices, with its own part of the batch. *Chapter [13](13_gpus_and_many_devices.ipynb).*

# %% [markdown] name="Schedule"
# #### Schedule
#
# A learning rate as a function of the count of steps. *Chapter [03](03_learning_rate_schedules.ipynb).*

# %% [markdown] name="Spread"
# #### Spread
#
# The standard deviation (sd) of runs that differ in nothing but the seed; a mean of n runs has the standard error sd/√n. *Chapter [12](12_tuning_sgd.ipynb).*

# %% [markdown] name="Stability-edge"
# #### Stability edge
#
# The learning rate from which on a direction diverges: 2/λ for plain descent. *Chapter [01](01_gradient_descent.ipynb).*

# %% [markdown] name="Stochastic-gradient"
# #### Stochastic gradient
#
# The gradient of a random part of the data; right on average, wrong each time. *Chapter [02](02_stochastic_gradients.ipynb).*

# %% [markdown] name="Unit-in-the-last-place"
# #### Unit in the last place
#
# Ulp, the distance from a floating-point number to its neighbour; the smallest disagreement there is. *Chapter [11](11_the_whole_optimizer.ipynb).*

# %% [markdown] name="Validation-and-test"
# #### Validation and test
#
# The examples that settings are chosen by, and those that nothing was chosen by. *Chapter [12](12_tuning_sgd.ipynb).*

# %% [markdown] name="Velocity"
# #### Velocity
#
# The ball's last move, which momentum partly repeats; in Keras the learning rate is inside it. *Chapter [04](04_momentum_as_friction.ipynb).*

# %% [markdown] name="Warm-up"
# #### Warm-up
#
# A schedule's beginning with small, growing learning rates. *Chapter [03](03_learning_rate_schedules.ipynb).*

# %% [markdown] name="XLA"
# #### XLA
#
# A compiler that makes a few fused kernels of a graph; `jit_compile=True`. *Chapter [11](11_the_whole_optimizer.ipynb), [13](13_gpus_and_many_devices.ipynb).*
