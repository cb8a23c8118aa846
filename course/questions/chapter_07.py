"""What chapter 07 asks: clipping."""

from course.questions.kinds import Choice, right, wrong

PREDICTIONS = (
    Choice(
        "07.thrown",
        "In nearly flat land stands a wall of slope −48. How far does the first step on it throw a walker with η = 0.2, and does it come back?",
        (
            wrong(
                "about 0.5", "So far it goes with Keras's default, η = 0.01; here it is 0.2 · 48."
            ),
            wrong(
                "about 10, and back",
                "Out there the slope is only 4e-6: the way back would take millions of steps.",
            ),
            right(
                "about 10, and not back",
                "0.2 · 48 is 9.7, and out there the slope is practically zero.",
            ),
            wrong("about 50", "That is the slope; the step is the learning rate times as long."),
        ),
        cell="cliff-walk",
        shown="from -2.304 to 7.389, where the slope is 4e-06",
    ),
    Choice(
        "07.shorter",
        "A network has two variables, A with the gradient (3, 4) and B with (0.6). With c = 1, B is shorter than c. Which clips change it?",
        (
            wrong(
                "all three", "By value and by norm B is looked at by itself, and 0.6 is below 1."
            ),
            wrong(
                "`clipnorm` and `global_clipnorm`",
                "`clipnorm` takes each variable's norm by itself.",
            ),
            right(
                "`global_clipnorm` only",
                "One factor for all: B is shortened with A, and the direction stays.",
            ),
            wrong(
                "none", "`global_clipnorm` measures A and B together, and that is longer than 1."
            ),
        ),
        cell="three-run",
        shown="global_clipnorm  A [0.596 0.794]  B [0.119]",
    ),
    Choice(
        "07.explosion",
        "A variable's gradient is (1e20, 3), in float32. What does `clipnorm=1` leave of it?",
        (
            wrong("(1, 0)", "So it is at 1e19; the square of 1e20 overflows."),
            wrong("(1, 1)", "`clipvalue` leaves that: it measures no length."),
            right("(0, 0)", "The square of 1e20 overflows, the length is inf, and c/inf is zero."),
            wrong(
                "(nan, nan)",
                "`global_clipnorm` leaves that: it makes an infinite length a nan on purpose.",
            ),
        ),
        cell="surprise-explosion-run",
        shown="entry 1e+20                [1. 1.] [0.5]         [0. 0.] [0.5]",
    ),
    Choice(
        "07.many",
        "Keras's ResNet50 has 214 trainable variables. With `clipnorm=1`, how long can the whole gradient still be?",
        (
            wrong("1", "That is what `global_clipnorm=1` allows."),
            right("about 15", "√214: the squares of the variables' lengths add up."),
            wrong("214", "Lengths at right angles add up by their squares."),
        ),
        cell="three-many",
        shown="clipnorm: length of all 14.63",
    ),
    Choice(
        "07.angle",
        "One entry is enormous and 99 are exactly c. By what angle does `clipvalue` turn this gradient?",
        (
            wrong(
                "10°",
                "All hundred entries are c afterwards: a corner of the cube, far from an axis.",
            ),
            wrong("45°", "So it is with two entries."),
            right("84°", "The cosine is 1/√n; it never reaches 90°, as each entry keeps its sign."),
            wrong(
                "more than 90°, it can point uphill",
                "Each entry keeps its sign, so no term of the product with g is negative.",
            ),
        ),
        cell="turn-run",
        shown="100 entries: turned by 84.3°",
    ),
    Choice(
        "07.longest",
        "One variable, η = 0.1, β = 0.9 and `clipnorm=1`, gradients of any size: how long can a step be?",
        (
            wrong("0.1", "That is what each gradient adds; the velocity sums them up."),
            right("1", "The clip stands before the velocity: ηc/(1 − β)."),
            wrong(
                "anything",
                "Each gradient adds at most ηc, and friction keeps the sum below ηc/(1 − β).",
            ),
        ),
        cell="length-run",
        shown="momentum 0.9: longest step 1.0000",
    ),
    Choice(
        "07.faster",
        "On cosh w, from w = 10 to 0.001: how many steps do plain descent with its best of six learning rates and a clip with c = 1 and η = 0.5 need?",
        (
            wrong(
                "plain 28, clipped 4000",
                "The steep start forces plain descent to a tiny rate; a clip allows 0.5.",
            ),
            wrong(
                "400 each",
                "One rate for all places must serve the steepest, and is too short elsewhere.",
            ),
            right(
                "plain 4000, clipped 28",
                "A fixed η must serve the steepest place, and is far too short for all others.",
            ),
        ),
        cell="smooth-run",
        shown="clipped at 1, η 0.5: 28",
    ),
    Choice(
        "07.vanishing",
        "A weight sits on flat land, where the slope is 4e-6. What does `clipnorm=1` make of it?",
        (
            wrong("1", "A clip shortens, it never lengthens."),
            right("it stays 4e-6", "It is far below the threshold, and passes as it is."),
            wrong("0", "A clip takes nothing from what is shorter than c."),
        ),
        cell="vanishing-run",
        shown="after clip_by_norm 4.07e-06",
    ),
    Choice(
        "07.ninety",
        "The loss of an example a is ½(w − a)². Nine of ten say −1, the tenth +9; the mean is 0. With one example per step, clipped at c = 1, where does w settle?",
        (
            wrong(
                "at 0, more slowly", "The average of clipped gradients is not the clipped average."
            ),
            right(
                "near −0.9",
                "The tenth's pull is cut to 1, and balances the nine where 0.9(w + 1) = 0.1.",
            ),
            wrong(
                "near +0.9",
                "The tenth is the one that is cut: its pull is too weak, not too strong.",
            ),
        ),
        cell="bias-run",
        shown="clipvalue 1, one example per step: settles at -0.89",
    ),
    Choice(
        "07.hundredth",
        "A small network learns the digits in batches of 8. Which clip c cuts one gradient in a hundred?",
        (
            right("one twice the median", "The tail is short here: 2.36 against a median of 1.14."),
            wrong(
                "one ten times the median", "The longest of all is not even three times the median."
            ),
            wrong(
                "one a hundred times the median",
                "The longest of all is not even three times the median.",
            ),
        ),
        cell="threshold-run",
        shown="99 % of the gradients are no longer than 2.36",
    ),
    Choice(
        "07.two_devices",
        "Two replicas have the gradient 10 each, η = 1, `clipnorm=1`. How far does the weight move in Keras?",
        (
            wrong("1", "So it would if they were summed before the clip, as `course.SGD` does."),
            right("2", "Each replica's gradient is clipped, then they are summed."),
            wrong("20", "That is without a clip."),
        ),
        cell="surprise-replicas-run",
        shown="clip each, then sum (Keras): [2.]",
    ),
    Choice(
        "07.zero",
        "Somebody writes `clipnorm=0` to stop all movement, somebody else `clipvalue=-1.0` by mistake. What does Keras do?",
        (
            wrong(
                "stop", "That would be consistent; but Keras passes over a threshold of 0 or less."
            ),
            wrong("raise an error", "`course.SGD` does."),
            right("clip nothing", "Keras 3.15 takes both without a word, and ignores them."),
        ),
        cell="surprise-silence-run",
        shown="`clipnorm` must be a finite number above 0, or None. Got 0.0.",
    ),
    Choice(
        "07.below",
        "2000 gradients of half the allowed length: which clips change any of them at all, if only in the last bit?",
        (
            wrong(
                "none, at any c",
                "`clipnorm` multiplies by c and divides by c: not always the same bits.",
            ),
            right(
                "`clipnorm`, at c = 0.3",
                "It multiplies by c and divides by c, which does not always give back the last bit.",
            ),
            wrong(
                "all three, at c = 0.3",
                "`clipvalue` compares, and `global_clipnorm` takes a factor of exactly 1.",
            ),
        ),
        cell="surprise-bits-run",
        shown="c = 0.3: changed {'clipvalue': 0, 'clipnorm': 927, 'global_clipnorm': 0}",
    ),
)

QUESTIONS = (
    Choice(
        "07.step",
        "With the learning rate 0.1, how long is a step of plain descent?",
        (
            right(
                "0.1 times the gradient's length",
                "Where the gradient is 1000, the step is 100 (chapter 01).",
            ),
            wrong("0.1", "That takes the learning rate for a length."),
            wrong("0.1 times the weight", "The weight does not enter; the gradient does."),
        ),
    ),
    Choice(
        "07.unbiased",
        "A minibatch gradient is unbiased. Is its median the full gradient, too? And its square?",
        (
            right(
                "Neither",
                "Only the *mean* of many minibatch gradients is the full gradient (chapter 02).",
            ),
            wrong(
                "Both",
                '"Unbiased" is about the mean, and survives additions and multiplications by constants, nothing else.',
            ),
            wrong(
                "The median is",
                "The median is the mean only where the errors lie evenly on both sides.",
            ),
        ),
    ),
    Choice(
        "07.decay",
        "Keras clips a gradient to length 1. Is the decay's pull clipped, too?",
        (
            right("No", "The decay is applied to the weights after clipping (chapter 06)."),
            wrong("Yes", "It would be if it were a penalty in the loss."),
        ),
    ),
    Choice(
        "07.thousand",
        "With `global_clipnorm=1` every gradient of a run is clipped. Someone multiplies the loss by 1000. What changes?",
        (
            right(
                "Nothing at all",
                "Gradients of length 1000 or a million are both cut to 1. In such a run of plain SGD the learning rate *is* the step length, and near the minimum the slope no longer shortens the steps.",
            ),
            wrong("The steps are 1000 times longer", "That holds without a clip."),
            wrong("The direction", "One factor for all keeps it."),
        ),
    ),
    Choice(
        "07.recipe",
        "A PyTorch recipe clips with `clip_grad_norm_(model.parameters(), 0.5)`. You write `clipnorm=0.5` in Keras. What differs?",
        (
            right(
                "Each variable gets the whole 0.5",
                "So the whole gradient may be up to √n times longer, and its direction turns: variables with small gradients gain on those with large ones. `global_clipnorm=0.5` is the translation.",
            ),
            wrong(
                "Nothing, both are norms",
                "Keras takes the norm of each variable, PyTorch one norm of all.",
            ),
            wrong("Keras clips each entry", "That is `clipvalue`."),
        ),
    ),
    Choice(
        "07.nan",
        "A model's loss is suddenly nan in spite of `clipvalue=1`. Is Keras's clip broken?",
        (
            right("No", "A nan is neither above 1 nor below −1, and passes."),
            wrong(
                "Yes, clipping prevents nan",
                "That is true only of the nan that a too long step would have made later.",
            ),
        ),
    ),
)
