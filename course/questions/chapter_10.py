"""What chapter 10 asks: loss scaling."""

from course.questions.kinds import Choice, right, wrong

PREDICTIONS = (
    Choice(
        "10.lost",
        "A trained classifier's output signals are each class's error over the batch size, 64. What part does float16 round to zero?",
        (
            wrong(
                "1 %",
                "The signal is divided by the batch size, and most errors of a trained network are tiny.",
            ),
            wrong(
                "10 %",
                "After training most probabilities are nearly right, and their errors below 2⁻²⁵.",
            ),
            right("more than half", "63.7 %: most errors of a trained network are below 2⁻²⁵."),
        ),
        cell="explorer",
        shown="output signal         63.7% lost",
    ),
    Choice(
        "10.smaller_rate",
        "Within 2⁻⁶ of the minimum 0.5 float16 rounds every signal to zero. Which η ends nearer to 0.5?",
        (
            right(
                "1", "Its last step from outside ends inside the range where all signals are zero."
            ),
            wrong(
                "0.1",
                "It stops at the edge of that range: no learning rate brings a lost gradient back.",
            ),
            wrong(
                "both alike",
                "Both stop in the range where all signals are zero, but not at the same place.",
            ),
        ),
        cell="stall-run",
        shown="learning rate 1.0: w = 0.5109",
    ),
    Choice(
        "10.overflow",
        "A fixed scale of 2¹⁵ and a single gradient of 2, in float16: where is the weight after this step and a good next one?",
        (
            wrong(
                "one step on",
                "That is dynamic scaling: it skips the first step and halves the scale.",
            ),
            right(
                "at −∞ for good",
                "2 · 2¹⁵ = 65536 overflows, inf / 2¹⁵ is inf, and a fixed scale looks at nothing.",
            ),
            wrong("at −∞, then back", "From −∞ no finite step leads back."),
        ),
        cell="overflow-run",
        shown="-inf\n-inf",
    ),
    Choice(
        "10.harm",
        "A network loses more than half of its output signals in float16. Trained like this for 600 steps, how much worse does it get?",
        (
            right("not at all", "To three digits: what is lost is small beside what is kept."),
            wrong(
                "twice the loss",
                "What is lost is small beside what is kept: the gradient is off by 0.0002.",
            ),
            wrong(
                "it does not train",
                "That happens where *everything* is small, as in a mean over a million pixels.",
            ),
        ),
        cell="harmless-run",
        shown="float16: loss 0.023",
    ),
    Choice(
        "10.power_of_two",
        "Does it matter whether a loss scale in float16 is 1024 or 1000?",
        (
            wrong(
                "no, they are nearly equal",
                "1000 disturbs the fraction of nearly every number, in the eleventh binary digit.",
            ),
            right(
                "a little: only 1024 changes no digit",
                "A power of two moves the exponent alone. The other rounds in the eleventh binary digit, no disaster.",
            ),
            wrong(
                "yes, 1000 spoils the training",
                "It rounds in the eleventh binary digit, as float16 does anyway.",
            ),
        ),
        cell="bits-run",
        shown="scale 1000: 0.7% come back unchanged",
    ),
    Choice(
        "10.arrives",
        "A dynamic loss scale halves at each overflow and doubles after 20 good steps. One starts far too high, at 2³⁰, one far too low, at 2⁰. Which arrives first?",
        (
            right("the high one", "Each call halves, while a doubling takes n good ones."),
            wrong(
                "the low one",
                "No step overflows on its way, but each doubling takes twenty of them.",
            ),
            wrong(
                "both at about the same time",
                "Downwards a call halves; upwards twenty calls double.",
            ),
        ),
        cell="dynamic-run",
        shown="from 2^30: near 2^18 after 11 calls",
    ),
    Choice(
        "10.clipped_first",
        "`clipnorm=1`, a gradient of length 0.5 and a scale of 1024. How long is it if it is clipped first and unscaled afterwards?",
        (
            wrong("0.5", "So it is if it is unscaled first, as Keras does."),
            wrong("1", "That is its length after the clip; the unscaling follows."),
            right("1/1024", "Scaled it is 512 long, is cut to 1 and divided by 1024."),
        ),
        cell="order-run",
        shown="clip, unscale: length 0.000977",
    ),
    Choice(
        "10.half_weight",
        "1000 steps of 1e-4 down from w = 1, with the weight in float16 and in float32. Where do they end?",
        (
            wrong(
                "both at 0.9",
                "Below 1 float16 numbers are 2⁻¹¹ apart: such a step is rounded away.",
            ),
            right(
                "at 1 and at 0.9",
                "Each step is less than half the distance to float16's next number.",
            ),
            wrong(
                "at 0.9 and at 1",
                "It is the other way round: float32's numbers lie close enough, float16's do not.",
            ),
        ),
        cell="weights-run",
        shown="float16: w = 1.0000",
    ),
    Choice(
        "10.reports",
        "A softmax over the scores 18 and 0, and the label is the class with 0: the loss is ln(1 + e¹⁸) = 18.000. What does Keras report under `mixed_float16`, and how far does it train in ten steps?",
        (
            wrong("18.000, and down to 0.020", "So it is in float32."),
            right(
                "16.118, and not at all",
                "e⁻¹⁸ is 0 in float16; the loss cuts it to 1e-7, and there the gradient is zero.",
            ),
            wrong(
                "inf, and the steps are skipped",
                "The loss cuts the probability to 1e-7, so nothing is infinite.",
            ),
        ),
    ),
    Choice(
        "10.wrapped",
        "You set the policy `mixed_float16` and compile with `SGD(0.1, loss_scale_factor=1024.0)`. Which scale is at work in the first step?",
        (
            wrong(
                "1024",
                "`compile` wraps the optimizer, and that sets your factor to `None`, without a word.",
            ),
            right("2¹⁵", "`compile` wraps it in a `LossScaleOptimizer`, which starts at 2¹⁵."),
            wrong("1024 · 2¹⁵", "The wrap sets the factor to `None`: only one scale is left."),
            wrong("none", "Under `mixed_float16` `compile` wraps the optimizer by itself."),
        ),
    ),
    Choice(
        "10.nan",
        "Some gradients are nan at any scale. What does dynamic scaling do after 40 such calls?",
        (
            wrong("it raises an error", "Nothing shows but a loss that stands still."),
            wrong("it stops scaling", "It halves at each call, without a floor: 2⁻²⁵ after 40."),
            right(
                "it goes on",
                "And no step is ever taken: print `dynamic_scale` if a loss does not move.",
            ),
        ),
        cell="nan-run",
        shown="scale 2^-25, weight 1.0, updates 0",
    ),
)

QUESTIONS = (
    Choice(
        "10.infinite",
        "One entry of a gradient is infinite. What do `clipvalue` and `global_clipnorm` make of it?",
        (
            right(
                "the threshold; every gradient nan",
                "`clipvalue` compares, `global_clipnorm` measures a length (chapter 07).",
            ),
            wrong("both clip it", '"Clipping takes care of explosions" is true of finite ones.'),
            wrong(
                "every gradient nan; the threshold",
                "It is the other way round: `clipvalue` takes each entry by itself and measures no length.",
            ),
        ),
    ),
    Choice(
        "10.mean",
        "Keras accumulates four gradients with `clipnorm=1`. Is each of them clipped, or their mean?",
        (
            right("their mean", "An outlier therefore decides the direction (chapter 09)."),
            wrong("each", "That is what a hand-written loop may do."),
        ),
    ),
    Choice(
        "10.rest",
        "A weight's gradient is zero for some steps. Does a weight with momentum rest?",
        (
            right("No, it coasts on its velocity", "Only `None` freezes it (chapters 04, 09)."),
            wrong("Yes, nothing pushes it", "Friction needs some steps to stop it."),
        ),
    ),
    Choice(
        "10.stalls",
        'A model under `mixed_float16` has a loss that is a mean over two million pixels. A colleague lowers the learning rate because "it stalls". What do you look at?',
        (
            right(
                "The scale",
                "Whether the optimizer is wrapped at all: a custom loop, or a policy on the layers only, is not.",
            ),
            wrong(
                "The learning rate",
                "A smaller rate brings back no gradient that was rounded to zero.",
            ),
            wrong("The clip", "What is rounded to zero is short enough for any threshold."),
        ),
    ),
    Choice(
        "10.slow",
        "In your own loop you write `SGD(0.1, loss_scale_factor=1024.0)`, differentiate the loss and call `apply`. Training is extremely slow. Why?",
        (
            right("`apply` divides by 1024", "And nobody multiplied: call `scale_loss` first."),
            wrong(
                "The factor is ignored outside `fit`",
                "`apply` divides everywhere; only the multiplication is left to you outside `fit`.",
            ),
            wrong(
                "1024 is too small a scale",
                "The scale does not change the step where both halves are done.",
            ),
        ),
    ),
    Choice(
        "10.by_hand",
        "Somebody clips by hand to norm 1, between the gradient and a `LossScaleOptimizer` with its scale of 2¹⁵. What happens to the step?",
        (
            right(
                "Its length is η/32768",
                "The scaled gradients are thousands of times longer, so all are cut to 1 and then divided by the scale. Set `clipnorm` on the inner optimizer; it clips after unscaling.",
            ),
            wrong(
                "Its length is at most η",
                "The norm of 1 is compared with scaled gradients, and what is left is divided by the scale.",
            ),
            wrong(
                "Nothing, the scale is divided out", "A threshold is not scaled with the gradient."
            ),
        ),
    ),
)
