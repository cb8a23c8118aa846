"""What chapter 00 asks: what is needed, and one step by hand."""

from course.questions.kinds import Choice, Number, right, wrong

PREDICTIONS = (
    Number(
        "00.one_step",
        "From w = 1, one step with η = 0.1 on ½(2w − 6)²: which w comes out? (The right weight would be 3.)",
        1.8,
        0.001,
        "The gradient is (2 − 6) · 2 = −8; the step goes against it, by 0.1 · 8.",
        (
            (
                0.2,
                "That is a step along the gradient, uphill: subtract η·f′(w), and f′(w) is negative.",
            ),
            (9, "The whole gradient was subtracted; the learning rate takes a tenth of it."),
            (1.4, "The error is −4, and the chain rule multiplies it by x = 2."),
            (3, "One step at η = 0.25 would land there."),
        ),
        "The gradient is (w·x − y)·x at w = 1; subtract 0.1 times it from 1.",
        cell="by-hand-run",
        shown="new weight: 1.8",
    ),
)

QUESTIONS = (
    Choice(
        "00.derivative",
        "What is the derivative of ½λw² with respect to w, and what is its second derivative?",
        (
            right(
                "λw, and λ",
                "The second derivative is the *curvature*: large λ is a narrow valley, small λ a flat one.",
            ),
            wrong("2λw, and 2λ", "That is of λw²; the ½ is there to spare us the 2."),
            wrong("½λw, and ½λ", "The square's own derivative, 2w, cancels the ½."),
        ),
    ),
    Choice(
        "00.direction",
        "A loss has the gradient (3, −1) at a point. In which direction does it fall fastest?",
        (
            right("along (−3, 1)", "*Against* the *gradient*."),
            wrong("along (3, −1)", "The gradient itself points uphill."),
            wrong("along (1, 3)", "At right angles to the gradient it does not change at first."),
        ),
    ),
    Choice(
        "00.length",
        "How long is the vector (3, −4)?",
        (
            right("5", "Its *Euclidean norm* is √(9 + 16)."),
            wrong(
                "7",
                "That adds up the sizes of the entries; their *squares* add up to the square of the length.",
            ),
            wrong("−1", "That adds up the entries; a length is never negative."),
        ),
    ),
    Choice(
        "00.mean",
        "You average 100 independent measurements of variance 1. What is the variance of the mean?",
        (
            right(
                "0.01",
                "The *standard error* is its root, 0.1. This is why a larger batch gives a calmer gradient (chapter 02).",
            ),
            wrong("0.1", "That is the standard error, the root of the variance."),
            wrong("1", "Independent errors partly cancel in the mean."),
        ),
    ),
    Choice(
        "00.shape",
        "In NumPy, `a` has shape (3,) and `b` has shape (4, 1). What shape has `a * b`?",
        (
            right(
                "(4, 3)",
                "By *broadcasting*: this is how one line of this course walks down a hill with a thousand learning rates at once.",
            ),
            wrong("(3, 4)", "Shapes are lined up at their ends: (3,) counts as (1, 3)."),
            wrong("none, it is an error", "An axis of length 1, or a missing one, is stretched."),
        ),
    ),
    Choice(
        "00.clip_decay",
        "Which comes first in Keras, clipping or decay, and does the decay get clipped?",
        (
            right(
                "clipping, and it does not",
                "Clipping sees the gradient alone; the decay acts on the weights.",
            ),
            wrong("decay, and the sum is clipped", "That would be true of a penalty in the loss."),
            wrong("clipping, and it does", "The decay acts on the weights, after the clip."),
        ),
    ),
    Choice(
        "00.too_far",
        "From w = 1 on ½(2w − 6)², a step against the gradient with η = 0.6 makes the loss larger. Why?",
        (
            right("It stepped over the minimum", "And ended higher on the other side."),
            wrong(
                "The gradient was wrong",
                '"Downhill" was right; it holds only for a short enough step.',
            ),
        ),
    ),
    Choice(
        "00.buffer",
        "PyTorch's buffer b and Keras's velocity v: which sign and which unit has each?",
        (
            right("b a gradient's, v a move's", "v = −ηb while η is constant."),
            wrong(
                "both the same",
                "v = −ηb: the sign is opposite, and η turns a gradient into a move.",
            ),
            wrong(
                "b a move's, v a gradient's",
                "Keras has the learning rate inside: its v is what is added to w.",
            ),
        ),
    ),
)
