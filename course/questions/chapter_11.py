"""What chapter 11 asks: the whole optimizer."""

from course.questions.kinds import Choice, right, wrong

PREDICTIONS = (
    Choice(
        "11.ulps",
        "NumPy against TensorFlow, twelve SGD steps in float32: how many ulp apart?",
        (
            right("0", "Each + and × is rounded by the same rule on every processor (IEEE 754)."),
            wrong("1", "So it would be if one operation were done in another way or order."),
            wrong("12", "Rounding adds nothing where both round the same."),
        ),
        cell="heart-check",
        shown="0 ulp         momentum=0.9, nesterov=True",
    ),
    Choice(
        "11.harmless",
        "In Keras's SGD two stages change places, like move and decay: how many of nine exchanges change not even a bit?",
        (
            wrong(
                "none",
                "A sum can be divided afterwards, and some neighbours look at different things.",
            ),
            right(
                "three",
                "Accumulate before unscale (by a power of two), decay before clip, and count before constrain: these do not look at each other's work.",
            ),
            wrong(
                "six",
                "It is the other way round: six change the weights, though none raises an error.",
            ),
        ),
        cell="swap-run",
        shown="count before constrain        the same bits",
    ),
    Choice(
        "11.same_bits",
        "`course.SGD` multiplies the clip's factor into the learning rate, for example, and decays with w·(1 − η·wd). With which of these arguments are the bits still Keras's?",
        (
            wrong(
                "`weight_decay`",
                "The decay is written in another way, so a last bit differs now and then.",
            ),
            wrong(
                "`clipnorm`",
                "A norm is summed in another order, so a last bit differs now and then.",
            ),
            right(
                "`clipvalue`",
                "Its operations are Keras's, one for one, as those of the bare rules.",
            ),
            wrong(
                "`use_ema`",
                "The average is written in another way, so a last bit differs now and then.",
            ),
        ),
        cell="fit-run",
        shown="clipvalue                     0",
    ),
    Choice(
        "11.compiled",
        "Keras against *itself*, two calls of one optimizer, from rest, compiled with and without XLA: in which call do the bits of the velocity part?",
        (
            wrong("the first", "There v is 0: βv is 0 with and without rounding."),
            right(
                "the second", "XLA does not round βv before the sum, and in the first call v is 0."
            ),
            wrong(
                "in neither",
                "XLA makes one fused multiply-add of it, which rounds once and not twice.",
            ),
        ),
        cell="ends-xla",
        shown="call 2, the same bits: False",
    ),
    Choice(
        "11.growth",
        "A network is trained twice for 30 epochs, the second time after changing one weight by one ulp. How far apart are the weights?",
        (
            wrong("1 ulp", '"A small difference stays small" is false in training.'),
            wrong(
                "some tens",
                "Where steps swing across a curved loss they stretch tiny distances again and again.",
            ),
            right(
                "many thousands",
                "They are stretched by a factor again and again; the digits are read equally well.",
            ),
        ),
        cell="growth-run",
        shown="Keras and nudged Keras  the same bits: False  over 100,000 ulp: True",
    ),
    Choice(
        "11.constrained",
        'With `kernel_constraint="non_neg"`, are there negative weights (a) after the first call with `gradient_accumulation_steps=4`, and (b) after a `fit` with `use_ema=True`?',
        (
            wrong(
                "none, none", "The average follows the weights as they are before the constraint."
            ),
            right(
                "none, some",
                "The constraint stands outside accumulation and after the average, which `fit` hands back.",
            ),
            wrong("some, none", "The constraint is applied although no update is due."),
            wrong(
                "some, some", "The constraint is applied at each call, also where no update is due."
            ),
        ),
        cell="constraint-run",
        shown="(b) after fit: smallest -0.005, negative 24%",
    ),
    Choice(
        "11.names",
        "What are three `keras.optimizers.SGD` called that were given no name?",
        (
            wrong(
                "SGD, SGD, SGD",
                'The reference page prints `name="SGD"`; the default is None, which counts.',
            ),
            right("sgd, sgd_1, sgd_2", "The default is None, which counts."),
            wrong("SGD, SGD_1, SGD_2", "The name is made from the class's, in small letters."),
        ),
        cell="names-run",
        shown="sgd sgd_1 sgd_2 mine",
    ),
    Choice(
        "11.loaded",
        "A run with momentum is loaded from a `.keras` file, and the same ten calls follow. The same bits? And if only the weights had been kept?",
        (
            right(
                "the same bits; not with the weights alone",
                "The file keeps velocity, average, accumulator and count, too.",
            ),
            wrong(
                "the same bits both times",
                "Without its velocity the ball starts from rest, and the accumulator is lost.",
            ),
            wrong("nearly, both times", "A file stores each number with all its bits."),
        ),
        cell="resume-run",
        shown="weights alone  the same bits: False",
    ),
    Choice(
        "11.two_epochs",
        "Two epochs in one `fit`, against one epoch, a save, and one more: are they the same without `use_ema`, and with it?",
        (
            wrong(
                "both times", "With EMA `fit` ends by putting the average in the weights' place."
            ),
            right(
                "without it only",
                "With it the raw weights are gone: the second `fit` begins at the average.",
            ),
            wrong("with it only", "Without EMA nothing is put in the weights' place."),
            wrong("never", "Without EMA the file holds all that the next step needs."),
        ),
        cell="resume-ema",
        shown="use_ema=True: the same bits: False",
    ),
    Choice(
        "11.rank",
        "Momentum's ball, Nesterov's, and a ball that stops wherever it would roll uphill, each at its best of five learning rates: which comes first, and which last?",
        (
            wrong(
                "Nesterov, and the stopping ball last",
                "At η = 0.1 it looks so; at η = 0.4 the stopping ball makes up for its stops.",
            ),
            wrong(
                "the stopping ball, and the ball last",
                "Between the two *no difference is shown* with eight seeds.",
            ),
            right(
                "Nesterov, and for the last none is shown",
                "Between the ball and the stopping ball no difference is shown with eight seeds.",
            ),
        ),
        cell="sweep-run",
        shown="stopping minus ball, at their best: +0.000 ± 0.009",
    ),
)

QUESTIONS = (
    Choice(
        "11.first_average",
        "With `use_ema=True`, what is the average after the first update?",
        (
            right("the weights after it", "Keras takes m = 0 there (chapter 08)."),
            wrong(
                "1 % of them",
                "That would need a bias correction: m is 0.99, but the first update has m = 0.",
            ),
            wrong("the weights before it", "The initial weights are not in the average."),
        ),
    ),
    Choice(
        "11.third_call",
        "With `use_ema=True` and `gradient_accumulation_steps=4`, which moves at the eleventh call: weights, average or schedule?",
        (
            right(
                "average and schedule",
                "The average is pulled to weights that moved at the eighth call, and the call counts for the schedule; the weights rest (chapter 09).",
            ),
            wrong(
                "nothing", "The average is pulled at every call, and a schedule counts every call."
            ),
            wrong("all three", "The weights wait for the twelfth call."),
        ),
    ),
    Choice(
        "11.clip_scale",
        "With `loss_scale_factor=1024` and `clipnorm=1`, which length does the clip look at?",
        (
            right("the true one", "Gradients are divided by 1024 before the clip (chapter 10)."),
            wrong("the scaled one", "That would clip almost every gradient."),
        ),
    ),
    Choice(
        "11.bug",
        "A colleague's SGD and Keras's agree to 1 ulp after one step with `clipnorm`, and their weights differ in the first digit after 30 epochs. Is there a bug?",
        (
            right(
                "Nothing says so",
                "One ulp grows to that by itself. Test single steps, with every argument.",
            ),
            wrong("Yes, equal seeds give equal networks", "That holds only for equal bits."),
        ),
    ),
    Choice(
        "11.one_by_one",
        "You stop and resume with `use_ema=True` by calling `fit` for one epoch at a time, saving after each. What is different from one long `fit`?",
        (
            right(
                "Every epoch begins from the average",
                "After each `fit` the weights *are* the average, with an old velocity, as if `ema_overwrite_frequency` were one epoch.",
            ),
            wrong(
                "Nothing, the file holds everything",
                "That is true of a file that is saved in the middle.",
            ),
            wrong(
                "The velocity starts from rest",
                "The file keeps it; what is lost is the raw weights.",
            ),
        ),
    ),
    Choice(
        "11.noise",
        "Where would you put gradient noise (a random vector added to each gradient) in Keras's order of stages, if it is to survive `clipnorm` unchanged and count once per update?",
        (
            right(
                "After clip and before move",
                "There nothing scales it any more; and only on calls that update.",
            ),
            wrong("Before clip", "It would be clipped along."),
            wrong("Before accumulate", "It would be averaged down to 1/k of its variance."),
        ),
    ),
)
