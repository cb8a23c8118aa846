# %% [markdown] name="title"
# # 16 · Glossary
#
# **The course's words, one line each.** The number is the chapter that teaches it.

# %% [markdown] name="terms"
# #### Accumulation
#
# Adding up the gradients of k calls before one update with their mean. *Chapter 09.*
#
# #### Average of the weights
#
# EMA, a running mean of the weights that forgets by the factor m per step; calmer than the weights themselves. *Chapter 08.*
#
# #### Batch
#
# The examples whose mean gradient one step uses. *Chapter 02.*
#
# #### Bias
#
# What the mean of a guess is off by; a minibatch gradient has none, a clipped one has. *Chapter 02, 07.*
#
# #### Clipping
#
# Cutting gradients that are too long: by entry, by variable, or all by one factor. *Chapter 07.*
#
# #### Condition number
#
# κ = L/μ, the largest curvature by the smallest; how much longer than wide a valley is. *Chapter 01.*
#
# #### Critical damping
#
# The friction at which a ball comes home fastest without swinging, β = (1 − √(ηλ))². *Chapter 04.*
#
# #### Curvature
#
# λ, the second derivative along a direction; an eigenvalue of the Hessian. How fast the slope changes. *Chapter 01.*
#
# #### Decoupled weight decay
#
# Shrinking the weights themselves, apart from the gradient; not the same as a penalty once there is momentum. *Chapter 06.*
#
# #### Effective rate
#
# η/(1 − β): the learning rate that plain descent would need for the same speed on a steady slope. *Chapter 04.*
#
# #### Epoch
#
# One pass through the training data. *Chapter 02.*
#
# #### Friction
#
# What takes speed from the ball; momentum β is what it leaves, 1 − β what it takes per step. *Chapter 04.*
#
# #### Gradient
#
# The vector of slopes of the loss; it points uphill, and its length says how steeply. *Chapter 00, 01.*
#
# #### Half precision
#
# Numbers of 16 bits: float16 (fine, short range) and bfloat16 (coarse, the range of float32). *Chapter 10.*
#
# #### Heavy ball
#
# Gradient descent with momentum, in Polyak's words. *Chapter 04.*
#
# #### Hessian
#
# The matrix of second derivatives of the loss; its eigenvalues are the curvatures. *Chapter 01.*
#
# #### Lag
#
# How many steps an average is behind what it follows, m/(1 − m). *Chapter 08.*
#
# #### Learning rate
#
# η, what the gradient is multiplied with to make a step; its unit is that of a weight by that of a gradient. *Chapter 01.*
#
# #### Look-ahead
#
# The point w + βv to which the velocity alone would carry the ball; Nesterov's gradient is read there. *Chapter 05.*
#
# #### Loss
#
# The number that training makes small. *Chapter 00.*
#
# #### Loss scaling
#
# Multiplying the loss before differentiating and dividing the gradients after, so that small ones survive float16. *Chapter 10.*
#
# #### Momentum
#
# β, the part of the velocity that stays from one step to the next. *Chapter 04.*
#
# #### Noise floor
#
# The distance from the minimum that gradient noise keeps up however long you train; proportional to η. *Chapter 02.*
#
# #### Penalty
#
# A term in the loss that grows with the weights; its gradient goes through clipping and velocity like any other. *Chapter 06.*
#
# #### Rate of convergence
#
# The factor by which the distance shrinks per step in the long run. *Chapter 01.*
#
# #### Replica
#
# A copy of the model on another device, with its own part of the batch. *Chapter 13.*
#
# #### Schedule
#
# A learning rate as a function of the count of steps. *Chapter 03.*
#
# #### Stability edge
#
# The learning rate from which on a direction diverges: 2/λ for plain descent. *Chapter 01.*
#
# #### Stochastic gradient
#
# The gradient of a random part of the data; right on average, wrong each time. *Chapter 02.*
#
# #### Unit in the last place
#
# Ulp, the distance from a floating-point number to its neighbour; the smallest disagreement there is. *Chapter 11.*
#
# #### Velocity
#
# The ball's last move, which momentum partly repeats; in Keras the learning rate is inside it. *Chapter 04.*
#
# #### Warm-up
#
# A schedule's beginning with small, growing learning rates. *Chapter 03.*
