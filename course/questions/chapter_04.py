"""What chapter 04 asks: momentum as friction."""

from course.questions.kinds import Choice, Number, right, wrong

PREDICTIONS = (
    Choice(
        "04.memory",
        "Curvatures 1 and 0.01, plain descent from (1, 1) at its best rate, 2/(L + μ): how many steps "
        "until both weights are within a millionth of the minimum?",
        (
            wrong("70", "That would need a factor of about 0.82 per step; the flat one has 0.98."),
            right("700", "Along the floor each step leaves (κ − 1)/(κ + 1) = 0.98 of the way."),
            wrong("7000", "So long it takes at a tenth of this learning rate."),
        ),
        cell="memory-steps",
        shown="plain descent: 691 steps",
    ),
    Choice(
        "04.slope",
        "On a slope with g = 1, η = 0.1 and β = 0.9, which speed does the ball approach?",
        (
            wrong("0.1", "That is one push, ηg, with nothing kept: β = 0."),
            wrong("0.9", "That is the part it keeps of its speed in one step, not a speed."),
            right("1.0", "At ηg/(1 − β) friction takes in each step as much as the push gives."),
            wrong("no limit", "So it would be without friction, at β = 1."),
        ),
        cell="slope-run",
        shown="momentum 0.9: speed 1.00",
    ),
    Choice(
        "04.edge",
        "What does momentum 0.9 do with the largest stable learning rate?",
        (
            wrong(
                "makes it smaller", "An overshoot is no divergence: the ball swings and settles."
            ),
            wrong("leaves it at 2/λ", "That is plain descent's edge, 2(1 + β)/λ at β = 0."),
            right("makes it larger", "The edge is 2(1 + β)/λ, at 0.9 it is 3.8/λ."),
        ),
        cell="parabola-run",
        shown="flips: factor per step 0.845",
    ),
    Choice(
        "04.fastest",
        "At momentum 0.9, which ηλ converges fastest?",
        (
            wrong("0.01", "It converges with √0.9 per step, and so do the two others."),
            wrong("1", "For plain descent it would be; a ball with momentum 0.9 swings there."),
            wrong("3", "A larger step does not help a ball that swings: it keeps √0.9 per step."),
            right("all alike", "While the ball swings, the factor per step is √β for any ηλ."),
        ),
        cell="map-run",
        shown="ηλ 3: factor per step 0.9487",
    ),
    Choice(
        "04.promise",
        "For κ = 100 the best factors per step are 0.9802 for plain descent and 0.8182 for momentum, "
        "and ln 0.8182 / ln 0.9802 is 10. What part of plain descent's steps to a millionth does the "
        "ball need?",
        (
            wrong("less than a tenth", "No: it overshoots first, and has that to make good."),
            wrong(
                "a tenth", "The factor promises that for the long run; the overshoot comes first."
            ),
            right(
                "more than a tenth",
                "It overshoots first: both roots coincide, and its path is (a + bt)xᵗ.",
            ),
        ),
        cell="valley-run",
        shown="7.3 times fewer",
    ),
    Choice(
        "04.claim",
        "On ½λw², momentum 0.9 against plain descent at the same η: at which of ηλ = 0.01, 1, 1.9 and "
        "1.99 is the ball ahead?",
        (
            wrong("0.01, 1, 1.9 and 1.99", "At ηλ = 1 plain descent needs a single step."),
            wrong("0.01 only", "Near its edge plain descent flips for long; there, too, √β helps."),
            wrong("1.9 and 1.99", "At 1.9 plain descent has 0.9 per step, less than √0.9."),
            right("0.01 and 1.99", "It is ahead below 1 − √β and above 1 + √β, not in between."),
        ),
        cell="claim-page-run",
        shown="momentum is ahead below 0.051 and above 1.949",
    ),
    Choice(
        "04.halving",
        "SGD with momentum is Newton's ball in oil, in steps of time h: η = h²/m, β = 1 − hc/m. Keep "
        "the ball and the oil, and halve h. What becomes of the distance between SGD and the true "
        "ball?",
        (
            wrong("it stays", "With smaller steps SGD follows the true ball more closely."),
            right("it halves", "The method is of first order: the error is proportional to h."),
            wrong("a quarter is left", "So it would be for a method of second order."),
        ),
        cell="continuous-check",
        shown="h 0.05  learning_rate 0.0025  momentum 0.98  error 0.0240",
    ),
    Choice(
        "04.frictionless",
        "Draw velocity against position: which shape does a ball without friction (β = 1) draw in a "
        "parabola?",
        (
            wrong("a point", "That is a ball at rest; nothing brakes this one."),
            wrong(
                "a spiral", "A spiral loses size at each turn, as with β = 0.9: friction takes it."
            ),
            right("a closed loop", "Nothing is lost, so it runs around for ever."),
        ),
        cell="phase-run",
        shown="momentum 1.0000: 0.9870 from rest after 20 steps, 0.9490 after 60",
    ),
    Choice(
        "04.energy",
        "A ball swings on ½λw² with β = 0.9 and ηλ = 0.1. How much of its energy is left after 60 "
        "steps?",
        (
            wrong("about a half", "That is what β = 0.99 leaves: 0.99⁶⁰ = 0.55."),
            wrong("a tenth", "The swing is at √0.9⁶⁰ = 0.04; energy goes with its square."),
            right("a five-hundredth", "Energy goes with the square of the swing: by β per step."),
        ),
        cell="energy-run",
        shown="momentum 0.9000: 0.0018 of the energy is left",
    ),
    Choice(
        "04.drop",
        "Keras's ball and PyTorch's roll with momentum 0.9. At step 20, η drops from 0.1 to 0.01. "
        "Which slows at once?",
        (
            wrong("Keras's", "Its velocity was built at the old rate, and only friction slows it."),
            right("PyTorch's", "Its rate stands outside: the whole move shrinks with it."),
            wrong("both", "In Keras the velocity keeps the old rate for about 1/(1 − β) steps."),
            wrong("neither", "In PyTorch the whole move is multiplied by the new rate."),
        ),
        cell="surprise-torch-run",
        shown="the next step: Keras 0.370, PyTorch 0.038",
    ),
    Choice(
        "04.noise",
        "At the same learning rate 0.01, how is the noise floor with momentum 0.9, against plain "
        "SGD's?",
        (
            wrong("lower", "The velocity adds up old gradients, noise and all; it is no average."),
            wrong("the same", "So it is at equal effective rate η/(1 − β), not at equal η."),
            right("higher", "Ten times, as with ten times the rate: it buys no calm."),
        ),
        cell="surprise-noise-run",
        shown="rate 0.01, momentum 0.9: 0.0501",
    ),
    Number(
        "04.coast",
        "The ball reaches flat ground with velocity 0.5 and momentum 0.9. How far does it roll?",
        4.5,
        0.02,
        "The moves are 0.45, 0.405, …: together βv/(1 − β), nine times its last one.",
        (
            (0, "A gradient of zero does not stop it: no push is no brake."),
            (0.45, "That is only the next move, βv; it goes on rolling."),
            (0.5, "That was its last move; friction leaves it nine tenths of each move."),
            (5, "That counts its last move again: v/(1 − β) begins with v, the rolling with βv."),
        ),
        "Add up βv + β²v + β³v + …: each move is nine tenths of the one before.",
        cell="surprise-coast-run",
        shown="it rolls 4.50",
    ),
)

QUESTIONS = (
    Choice(
        "04.plain_range",
        "On the parabola ½λw², which learning rates let plain descent converge?",
        (
            wrong("0 < η < 1/λ", "That is the range without overshooting, not of convergence."),
            right("0 < η < 2/λ", "Each step multiplies w by (1 − ηλ); at 1/λ one step lands."),
            wrong("every η > 0", "Beyond 2/λ the factor |1 − ηλ| is above 1."),
        ),
    ),
    Choice(
        "04.valley",
        "Why can one learning rate not suit a valley, steep across and flat along?",
        (
            right(
                "The steep direction limits it",
                "η stays below 2/L, and at best each step shrinks the flat distance by a factor of "
                "about 1 − 2μ/L.",
            ),
            wrong(
                "It is too large for the flat direction", "A smaller rate makes that slower still."
            ),
            wrong("The gradient is noisy", "It happens with exact gradients, too."),
        ),
    ),
    Choice(
        "04.floor",
        "Gradient noise keeps plain SGD from settling. What sets the size of what remains?",
        (
            right(
                "the learning rate",
                "E w² = ησ² / (λ(2 − ηλ)): a smaller η or a larger batch lowers it.",
            ),
            wrong("the number of steps", "More steps do not help once the floor is reached."),
            wrong("the start", "It is forgotten by a factor |1 − ηλ| per step."),
        ),
    ),
    Choice(
        "04.raised",
        "A colleague raises momentum from 0.9 to 0.99 and leaves the learning rate. The loss jumps "
        "about as never before. What did they really change?",
        (
            right(
                "the effective rate",
                "η/(1 − β) grew by a factor of ten, and with it the noise floor. To try more "
                "momentum alone, divide the learning rate by ten at the same time.",
            ),
            wrong("the stability edge", "2(1 + β)/λ even moved up, from 3.8/λ to 3.98/λ."),
            wrong("nothing but the memory", "With it grows what a steady slope adds up to."),
        ),
    ),
    Choice(
        "04.doubled",
        "With β = 0.9 and ηλ between 0.01 and 1.5, you double the learning rate. How does the "
        "factor per step change?",
        (
            right("Not at all", "Within the swinging region it is √β."),
            wrong(
                "Twice as fast",
                "That holds for the creeping region and for plain descent at small rates only.",
            ),
            wrong("Less stable", "That holds beyond 3.8."),
        ),
    ),
    Choice(
        "04.port",
        "Someone ports a schedule with a sharp drop from PyTorch to Keras, with equal η and β. "
        "What differs, and for how long?",
        (
            right(
                "Keras coasts for about 1/(1 − β) steps",
                "Its velocity was built at the old rate and decays by friction. To imitate "
                "PyTorch, scale the velocity by the same factor as η.",
            ),
            wrong("Nothing, they are equivalent", "That is true only while η is constant."),
            wrong(
                "Keras is slower from then on",
                "It is faster, and only for a while: then both move alike.",
            ),
        ),
    ),
)
