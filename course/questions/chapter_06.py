"""What chapter 06 asks: weight decay."""

from course.questions.kinds import Choice, right, wrong

PREDICTIONS = (
    Choice(
        "06.one_place",
        "Two balls with momentum 0.9, one with Keras's decay, one with the penalty of the same strength. Do they settle at one place?",
        (
            wrong("yes", "So they do with momentum 0, where both are one method."),
            right(
                "no, the decay's nearer the minimum",
                "With momentum Keras's decay becomes much weaker.",
            ),
            wrong(
                "no, the penalty's nearer the minimum",
                "The penalty acts with its full strength, whatever the momentum.",
            ),
        ),
        cell="explorer",
        shown="momentum 0.9: decay settles at [0.833 0.952]",
    ),
    Choice(
        "06.half_life",
        "With Keras's default learning rate 0.01 and a `weight_decay` of 1e-4, after about how many steps is half of a weight left?",
        (
            wrong("700", "So few it takes for η·wd = 1e-3."),
            wrong("7,000", "That is ln 2 / wd: the learning rate multiplies the decay, too."),
            right("700,000", "A step takes away η·wd = 1e-6, and ln 2 / 1e-6 is 693,147."),
        ),
        cell="half-life",
        shown="half is left after 693,147 steps",
    ),
    Choice(
        "06.recipe",
        "A recipe says `SGD(lr=0.1, momentum=0.9, weight_decay=0.05)` and was written for PyTorch. Which `weight_decay` in Keras leaves the weights at the same place?",
        (
            wrong(
                "0.005",
                "The wrong way round: Keras's decay acts as wd(1 − β), weaker than its number.",
            ),
            wrong("0.05", "The number is the same, the method is not: it would act as 0.005."),
            right("0.5", "Keras's decay acts as wd(1 − β), so it takes wd/(1 − β)."),
        ),
        cell="port-run",
        shown="Keras's rule, 0.5  : settles at 0.9524",
    ),
    Choice(
        "06.order",
        "The gradient may be taken before the decay, after it, or the decay comes last. On ½(w − 1)² with η = 0.5 and wd = 0.5, do the three settle at the same weight?",
        (
            wrong(
                "yes",
                "The other two depend on η: the decay changes where the gradient is taken, or shrinks the step.",
            ),
            wrong(
                "the first two do",
                "Taken after the decay, the gradient is read at a weight already shrunk.",
            ),
            right(
                "no, at three weights",
                "Only the first settles where the penalised loss has its minimum.",
            ),
        ),
        cell="order-run",
        shown="gradient before the decay 0.6667, after it 0.8000, decay last 0.6000",
    ),
    Choice(
        "06.errors",
        "A linear model learns digits from 100 images; 1,697 others are the test. As wd rises from 0, what do the squared errors on the two do?",
        (
            wrong(
                "both rise", "On the others it falls first: decay forgets what only fits the 100."
            ),
            wrong("both fall", "Decay never helps to fit the images that are learned."),
            right(
                "they part ways",
                "On the 100 it only rises; on the others it falls first and rises later.",
            ),
        ),
        cell="digits-run",
        shown="wd 0.03   train 0.115  test 0.183",
    ),
    Choice(
        "06.turning",
        "Behind a normalisation, with wd = 0.01 and η = 0.1: multiply the loss by ten, or take η = 0.01 and wd = 0.1. In the long run, when does w turn faster per step?",
        (
            wrong(
                "with ten times the loss",
                "w grows √10 times as long, until the angle is the same again.",
            ),
            wrong(
                "with η = 0.01 and wd = 0.1", "Only the product η·wd counts, and it is the same."
            ),
            wrong("with both", "The formula √(2η·wd) holds no gradient, and only the product."),
            right("with neither", "w grows or shrinks until the angle is √(2η·wd)."),
        ),
        cell="normalised-run",
        shown="η 0.1  wd 0.01 loss × 10: at first 0.76° per step, late 2.71°",
    ),
    Choice(
        "06.tolerates",
        "For λ = wd = 1 and β = 0.9, which tolerates the larger learning rate, Keras's decay or the penalty of the same strength?",
        (
            wrong("the decay", "In the long run it is weaker, but its edge has (1 + β)·wd in it."),
            right(
                "the penalty",
                "Its edge is η(λ + wd) = 2(1 + β), the decay's η(λ + (1 + β)wd) = 2(1 + β).",
            ),
            wrong("both the same", "So it is without momentum, where they are one method."),
        ),
        cell="edge-check",
        shown="with_decay: edge 1.310",
    ),
    Choice(
        "06.clipped",
        "The loss is ½(w − 10)², wd = 0.5, no momentum, gradients clipped to length 1. The penalised weight settles at 6.667. Where does Keras's?",
        (
            wrong(
                "at 6.667, too",
                "The penalty is clipped together with the gradient; the decay is not.",
            ),
            right(
                "at 2",
                "The gradient's pull is cut to 1, the decay's is not: they balance where wd·w = 1.",
            ),
            wrong("at 10", "There the gradient is 0, and the decay still pulls with 5."),
        ),
        cell="claim-clip",
        shown="Keras's decay: settles at 2.000",
    ),
    Choice(
        "06.adam",
        "Three weights start at 1; their gradients are pure noise of size 0.5, 5 and 50. Decay alone would leave 0.37. What does a penalty leave under Adam?",
        (
            wrong("0.37 of each", "So does the decoupled decay of AdamW."),
            wrong(
                "less of the noisier",
                "The penalty is divided by the gradient's size: the noisier, the weaker.",
            ),
            right(
                "more of the noisier",
                "The noisiest keeps nearly all, and the calmest is down to 0.19.",
            ),
        ),
        cell="claim-adam-run",
        shown="penalty (Adam):         [0.19 0.82 0.98]",
    ),
    Choice(
        "06.friction",
        "A ball without friction, with momentum 1, never settles (chapter 04). With wd = 1, does it settle with the penalty, or with Keras's decay?",
        (
            wrong("with the penalty", "A spring takes no energy: it swings for ever."),
            right(
                "with Keras's decay",
                "Each step leaves √(1 − η·wd) of a swing, and it rests at the minimum itself.",
            ),
            wrong("with both", "The penalty is one more spring, and a spring brakes nothing."),
            wrong(
                "with neither",
                "The decay takes a part of the position at each step, and so of a swing.",
            ),
        ),
        cell="surprise-friction-run",
        shown="with_decay: late w from [1. 1.] to [1. 1.]",
    ),
    Choice(
        "06.bias",
        "A model has only a bias, and should predict a temperature of 20 degrees; the loss is half the squared error. With plain SGD and `weight_decay=0.1`, what does it predict after long training?",
        (
            wrong(
                "20 degrees",
                "So it would if Keras left the bias out; it decays every variable that has a gradient.",
            ),
            right("18 degrees", "20/1.1: the bias decays, too, and rests where 20 − b = 0.1·b."),
            wrong(
                "2 degrees",
                "It would need a decay nine times as strong as the loss's own curvature.",
            ),
        ),
        cell="surprise-bias-run",
        shown="bias decayed: predicts 18.18 degrees",
    ),
    Choice(
        "06.names",
        'Under TensorFlow a model is called `unbiased`, and someone excludes `["bias"]`. Which of its variables still decay?',
        (
            wrong(
                "all but the bias",
                "The pattern is searched in the whole path, and the model's name is part of it.",
            ),
            wrong(
                "all of them",
                "The pattern is found anywhere in a path, so it finds more, not less.",
            ),
            right("none", 'The model\'s name contains "bias", and each path begins with it.'),
        ),
        cell="surprise-names-run",
        shown="unbiased ['bias']                         excludes kernel bias gamma beta",
    ),
    Choice(
        "06.none",
        "With `weight_decay`: an embedding's row is not in the batch, so its gradient is zero. A frozen branch has the gradient `None`. Which of them shrinks?",
        (
            right(
                "the row",
                "It decays at each step and learns only in the few where the word occurs.",
            ),
            wrong(
                "the frozen branch",
                "Keras passes over a variable whose gradient is `None`, the decay, too.",
            ),
            wrong("both", "Without a gradient there is no step, and no decay."),
            wrong("neither", "A gradient of zero is a gradient: the row decays."),
        ),
        cell="surprise-none-run",
        shown="after 100 steps: zero gradient 0.366, no gradient 1.000",
    ),
)

QUESTIONS = (
    Choice(
        "06.slope",
        "On a steady slope with gradient g, how fast does a ball with momentum β get?",
        (
            right(
                "−ηg/(1 − β)",
                "Friction lets each push live on for 1/(1 − β) steps (chapter 04). On this formula the strength of the decay depends.",
            ),
            wrong("−ηg", "That is the speed without momentum."),
            wrong("−ηg/β", "β is what it keeps of its speed; the friction is 1 − β."),
        ),
    ),
    Choice(
        "06.stage",
        "In Keras's chain of stages, what happens between clipping and the velocity, and to what?",
        (
            right(
                "the decay, to the weights",
                "The weights shrink before the velocity moves them (chapter 00).",
            ),
            wrong(
                "the decay, to the gradient",
                "That is how a penalty works, and how PyTorch's SGD works.",
            ),
            wrong("the averaging, to the weights", "The average of the weights comes last."),
        ),
    ),
    Choice(
        "06.slow",
        "One learning rate serves a steep and a flat direction. Which is slow, and what does a plain step leave of its distance?",
        (
            right(
                "the flat one, 1 − ηλ",
                "It is close to 1 where λ is small (chapter 01). Whatever else acts on the weights is measured against λ.",
            ),
            wrong(
                "the steep one, for it limits η",
                "That names what sets the limit, and not what sets the time.",
            ),
            wrong("the flat one, λ", "λ is the curvature; a step takes away ηλ of the distance."),
        ),
    ),
    Choice(
        "06.raised",
        "You raise momentum from 0.9 to 0.99, divide the learning rate by ten and leave `weight_decay`. What happens to the regularisation in Keras?",
        (
            right(
                "It falls to a tenth",
                "Its long-run strength is wd(1 − β), and its speed is η·wd: multiply `weight_decay` by ten.",
            ),
            wrong(
                "Nothing, the effective rate is unchanged",
                "That is right for the gradient and for a penalty, but not for the decay.",
            ),
            wrong("It grows tenfold", "wd(1 − β) shrinks as β grows."),
        ),
    ),
    Choice(
        "06.rest",
        "With momentum 0.9 and Keras's decay a weight has settled at 0.952 of its optimum, and its velocity is 0.0476. Is it really at rest?",
        (
            right(
                "Its position is",
                "The velocity carries it forward by just what the decay takes back. Set the decay to zero, compile again, and the ball rolls on.",
            ),
            wrong(
                "No, at rest the velocity is zero", "That holds without decay and with a penalty."
            ),
            wrong(
                "No, it creeps on to 1",
                "The decay takes back at each step what the velocity gains.",
            ),
        ),
    ),
    Choice(
        "06.late",
        "Someone trains with `weight_decay` and a rate that decays to zero, and says: late in training the decay wins, because the gradient's steps vanish. True?",
        (
            right(
                "No",
                "Both are multiplied by η, and the balance −g = (1 − β)wd·w does not contain it. Late in training neither moves much.",
            ),
            wrong(
                "Yes, the decay does not contain η",
                "That is true of other decoupled rules, not of Keras's.",
            ),
            wrong(
                "Yes, if momentum is on",
                "Momentum weakens the decay, by 1 − β; η is in both all the same.",
            ),
        ),
    ),
)
