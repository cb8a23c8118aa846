"""What chapter 02 asks: stochastic gradients."""

from course.questions.kinds import Choice, right, wrong

PREDICTIONS = (
    Choice(
        "02.more_steps",
        "SGD on ½w² from w = 3, gradient noise of variance 1, η = 0.1: how is the typical |w| after 2000 steps against 200, and in the end at a quarter of the rate?",
        (
            wrong(
                "lower; a quarter",
                "More steps do not lower the floor, and |w| goes with the root of the rate.",
            ),
            wrong(
                "lower; a half",
                "After 200 steps it is on its floor, and more steps do not lower that.",
            ),
            wrong(
                "the same; a quarter", "The mean square falls to about a quarter; |w| is its root."
            ),
            right(
                "the same; a half",
                "The floor of E w² is ησ²/(Bλ(2 − ηλ)): steps are not in it, and for small rates |w| goes with √η.",
            ),
        ),
        cell="floor-run",
        shown="rate 0.025: typical |w| 0.114 after 200 steps, 0.112 after 1000 to 2000",
    ),
    Choice(
        "02.one_example",
        "A softmax model of 1797 digits steps from W = 0 against the gradient of *one*. For how many of them does the mean loss fall, at first?",
        (
            wrong(
                "about a half",
                "A single gradient is a bad guess, but nearly always on the right side.",
            ),
            wrong("about 90 %", "Only 7 of the 1797 point uphill."),
            right(
                "nearly all",
                "All but 7, although a typical one is eight times too long and almost at a right angle.",
            ),
        ),
        cell="one-run",
        shown="7 of 1797 point uphill",
    ),
    Choice(
        "02.never_seen",
        "An epoch of 1797 digits in batches of 32 has 57 steps. If each drew its examples anew *with* replacement, what part of them would an epoch never see?",
        (
            wrong("0 %", "That is dealing, as `fit` does it: each example exactly once."),
            wrong("5 %", "One draw misses an example with 1 − 1/N, and N draws with (1 − 1/N)ᴺ."),
            right("37 %", "(1 − 1/N)ᴺ, nearly 1/e."),
        ),
        cell="fit-run",
        shown="with replacement, 36.7% are never seen",
    ),
    Choice(
        "02.hundred",
        "A batch of 100 costs a hundred times as much as a single example. How much smaller is its typical distance from the full gradient?",
        (
            wrong("100 times", "The variance is a hundredth; the distance goes with its root."),
            right("10 times", "The square root of 100."),
            wrong("2 times", "The distance falls with √B."),
        ),
        cell="variance-figure",
        shown="B  100: without replacement 0.800",
    ),
    Choice(
        "02.fewer_steps",
        "The digits, to a loss of 0.25, each batch size at its best rate: single examples need about 600 steps. How many do batches of 16 need, and the full gradient of 1797?",
        (
            wrong(
                "38, and a hundredth of that",
                "A larger batch saves steps in proportion only far below the bend, here at about 30.",
            ),
            wrong(
                "200, and a tenth of that",
                "From 1 to 16 the steps fall twelvefold; beyond the bend, at about 30, they hardly fall.",
            ),
            right(
                "50, and half of that",
                "Beyond the noise scale you pay for precision that the step cannot use.",
            ),
        ),
        cell="steps-figure",
        shown="B   16:  50 steps",
    ),
    Choice(
        "02.linear",
        "From η = 0.05 and B = 8 on curvature 1, both are multiplied by k = 4, 16, 32 and 48. Up to which k is the noise floor within a tenth of what it was, and does any run diverge?",
        (
            right(
                "up to 4, and one does",
                "By the formula it is 8 % higher at k = 4; at 48 the rate is beyond the edge 2/λ.",
            ),
            wrong(
                "up to 16, and one does", "At 16 the floor is 62 % higher: ηλ is no longer small."
            ),
            wrong(
                "up to 48, and none does",
                "No batch moves the edge 2/λ, which full gradients have too.",
            ),
        ),
        cell="scaling-run",
        shown="k  4: rate 0.2  batch  32: mean square 0.00343, formula 0.00347",
    ),
    Choice(
        "02.dealing",
        "1024 examples xᵢ, the losses ½(w − xᵢ)², batches of 32, η = 0.01. Dealing takes each example once per epoch. By which factor does it lower the mean square error at an epoch's end, against drawing with replacement?",
        (
            wrong(
                "1.03",
                "(N − 1)/(N − B) is the gain of a single batch; the batches also depend on each other.",
            ),
            wrong("10", "The gain is 12/(ηn)², and with n = 32 batches ηn is 0.32."),
            right(
                "100",
                "117 by the formula: what one batch has too much of, the others have too little.",
            ),
        ),
        cell="dealing-run",
        shown="lower by 112.4, formulas 117.2",
    ),
    Choice(
        "02.last_batch",
        "1024 examples are dealt in batches of 32, at η = 0.01. One more is added, so that the last batch holds a single one. What does that do to the mean square error at an epoch's end?",
        (
            wrong(
                "nothing to speak of",
                "It is one example in a thousand, but its step comes last, at full rate.",
            ),
            wrong(
                "3 % more",
                "It counts as much as a batch of 32, and nothing comes after it to cancel it.",
            ),
            right(
                "over 100 times as much",
                "Its noise enters in the last step, and nothing comes after it to cancel it.",
            ),
        ),
        cell="surprise-short-run",
        shown="1025 examples 0.000195: 149 times as much",
    ),
    Choice(
        "02.agree",
        "A linear model with 20 weights and a squared loss learns 10 examples, one at a time, at a constant rate. What does the loss do?",
        (
            wrong(
                "it levels off at a floor",
                "So it does with 5 weights, where the examples cannot all be satisfied.",
            ),
            right(
                "it goes on falling",
                "All can be fitted, and there every single gradient is zero: no noise is left.",
            ),
        ),
        cell="surprise-agree-run",
        shown="20 weights: 6e-15 above the minimum after 300 epochs",
    ),
    Choice(
        "02.wells",
        "A shallow and a deep well, behind barriers of 0.16 and 0.36; SGD's noise acts like heat of T = 0.2/B. 1000 runs start in each, for 5000 steps. For which of B = 1, 4, 16 do most of all end in the deep one, and do any leave it?",
        (
            wrong(
                "for B = 1 only, and none",
                "With B = 4 nearly all of them cross, too; and with B = 1 many leave the deep one again.",
            ),
            right(
                "for 1 and 4, and some do", "Noise makes barriers of a few T passable, both ways."
            ),
            wrong(
                "for all three, and none",
                "With B = 16 one run in a thousand leaves the shallow well.",
            ),
        ),
        cell="surprise-escape-run",
        shown="B  4, T 0.0500: in the deep well at the end: 95.3% of those from the right, 98.3% of those from the left",
    ),
)

QUESTIONS = (
    Choice(
        "02.mean",
        "The loss is the mean of the losses of N examples. What is its gradient?",
        (
            right("the mean of the N gradients", "Differentiation goes through a mean."),
            wrong(
                "their sum",
                "It would be N times as long, and a learning rate that suits the mean would be N times too large for it.",
            ),
            wrong(
                "the gradient of a typical example",
                "A mean is made of all of them, and none need be like it.",
            ),
        ),
    ),
    Choice(
        "02.depth",
        "The curvature is L at most. By how much does one step with η = 1/L lower the loss, at least?",
        (
            right(
                "|g|²/(2L)",
                "The bound f − η|g|² + ½Lη²|g|² falls by that at η = 1/L (chapter 01, Deeper).",
            ),
            wrong(
                "|g|²/L",
                "That is what the tangent promises; the curvature may take half of it back.",
            ),
            wrong("It may even raise it", "Only beyond 2/L."),
        ),
    ),
    Choice(
        "02.millionth",
        "On the parabola ½λw² you take η = 0.5/λ. When is a millionth of the distance left?",
        (
            right(
                "after 20 steps",
                "Each step multiplies the distance by 1 − ηλ = ½, and ½²⁰ is about a millionth.",
            ),
            wrong(
                "after 2 steps",
                '"Each goes half of the way" forgets that the second goes half of what is *left*.',
            ),
            wrong(
                "after a million steps",
                "The distance falls by a factor at each step, not by an amount.",
            ),
        ),
    ),
    Choice(
        "02.levelled",
        'Your loss has levelled off. A colleague says: "train ten times longer", another: "take ten times the batch". When is the second right?',
        (
            right(
                "if all directions are on their noise floor",
                "Its mean square goes with η/B, and steps are not in it. The first is right if a flat direction still creeps, and the level of the loss cannot tell: try both on the same number of examples.",
            ),
            wrong(
                "if a flat direction still creeps",
                "Then the first is right: a calmer gradient is no faster there.",
            ),
            wrong("always", "Where a flat direction still creeps it is steps that are missing."),
        ),
    ),
    Choice(
        "02.diverges",
        "From B = 32 to B = 1024 you raise η from 0.1 to 3.2, and the run diverges. Were the gradients too noisy?",
        (
            right(
                "No, calmer than before",
                "The rate has crossed the edge 2/λ of the steepest direction, which no batch moves. Linear scaling holds while ηλ is small.",
            ),
            wrong(
                "Yes, it diverged because of noise",
                "That has it the wrong way round: they are calmer, and the rate is too large.",
            ),
        ),
    ),
    Choice(
        "02.textbook",
        "With `batch_size=1`, is Keras's `fit` the SGD of the textbook that draws one example at random, each time anew?",
        (
            right(
                "Nearly",
                "It deals each example once per epoch; the textbook draws with replacement and misses 37 % of them in as many steps. While ηλN is small, `fit` ends its epochs much nearer to the minimum.",
            ),
            wrong(
                "Yes, equal on average, so equal",
                "That forgets that the draws depend on each other.",
            ),
            wrong(
                "No, `fit` does not shuffle",
                "It does, by default, unless it is given a `tf.data.Dataset`.",
            ),
        ),
    ),
)
