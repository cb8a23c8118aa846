"""What chapter 01 asks: gradient descent."""

from course.questions.kinds import Choice, right, wrong

PREDICTIONS = (
    Choice(
        "01.same_losses",
        "On ½λw², from one start, two of the rates 0.5/λ, 1.0/λ, 1.5/λ and 2.1/λ give *exactly* the same losses, step by step. Which?",
        (
            wrong("0.5/λ and 1.0/λ", "At 1.0/λ the factor is 0: it lands in one step."),
            right("0.5/λ and 1.5/λ", "Their factors are +0.5 and −0.5, and the square hides the sign."),
            wrong("1.5/λ and 2.1/λ", "At 2.1/λ the factor is −1.1: the losses grow."),
        ),
        cell="regimes-run",
        shown="flips: losses [0.5, 0.125, 0.0312, 0.0078]",
    ),
    Choice(
        "01.first_rise",
        "Curvatures 0.01 and 1, so the edge is 2. From (10, 0.001), almost on the flat axis, with η = 2.1, *beyond* the edge: when does the loss first rise?",
        (
            wrong("at the first step", "The steep direction is hardly there, and grows by a factor of 1.1 per step."),
            wrong("at about the tenth", "1.1¹⁰ is 2.6: the steep part is still far too small to be seen."),
            right("only after fifty", "The steep direction grows unseen, by a factor of 1.1 per step."),
        ),
        cell="hidden-run",
        shown="after 53 steps 0.0649, after 120 steps 4297",
    ),
    Choice(
        "01.best_rate",
        "One rate serves curvatures from μ to L = 100μ. The best lies between 1/L, which never overshoots, and the edge 2/L. Which is it?",
        (
            wrong("1.02/L", "There the flat direction is hardly faster than at 1/L, and it sets the time."),
            wrong("1.50/L", "The flat direction is still the slower of the two there."),
            right("1.98/L", "2/(L + μ): there the two ends of the range are equally slow."),
        ),
        cell="minimax-figure",
        shown="L/μ 100: best by search 1.9802/L",
    ),
    Choice(
        "01.lowest_step",
        "The valley √(1 + w²) has curvatures of 1 at most, so L = 1. From w = 2, which rate has the single step that lands lowest?",
        (
            wrong("1/L", "1/L is the best *promise*, for one who knows nothing but g and L."),
            wrong("a smaller one", "At 1/L the step ends at w = 1.1, still short of the minimum; a smaller one ends higher."),
            right("a larger one", "The bound assumes the largest curvature everywhere, and the walls are straighter than that."),
        ),
        cell="bound-run",
        shown="rate 2: promised at most 2.2361, found 1.0220",
    ),
    Choice(
        "01.angle",
        "In a bowl 100 times steeper across than along, how far can −g point away from the minimum?",
        (
            wrong("up to 10 degrees", "Where both directions count, the steep one has nearly all of the gradient."),
            wrong("up to 45 degrees", "So far it goes where it is only about 6 times steeper across."),
            right("up to 79 degrees", "\"The gradient points to the minimum\" holds only in a round bowl."),
        ),
        cell="which-way-run",
        shown="κ 100 off the way to the minimum: up to 78.6°",
    ),
    Choice(
        "01.halved",
        "On ½λw² the rate is halved, from ηλ = 1.6 to 0.8. How many steps does the way to a millionth need?",
        (
            wrong("more", "\"Half the rate, twice the steps\" holds only for small rates, from about ηλ = 0.1 down."),
            wrong("as many", "The factors per step are −0.6 and 0.2: the second shrinks the distance much faster."),
            right("fewer", "A third as many: the factors per step are −0.6 and 0.2."),
        ),
        cell="halving-run",
        shown="ηλ 0.8      9 steps, 0.32 times as many",
    ),
    Choice(
        "01.twice_as_far",
        "On ¼w⁴ with η = 0.1: twice as far out, how much longer is the first step?",
        (
            wrong("as long", "A step is as long as η|g|, and |g| grows outwards."),
            wrong("2 times", "So it is on a parabola, whose slope grows in proportion."),
            right("8 times", "The slope is w³, and 2³ is 8. So one and the same rate diverges from far enough out: here beyond √20 = 4.47."),
        ),
        cell="length-run",
        shown="from 2.0: first step 0.8 long",
    ),
    Choice(
        "01.centring",
        "A linear model with a squared loss reads images of digits. Centring subtracts from each pixel its mean. What becomes of the largest curvature, the limit of the rate?",
        (
            wrong("it stays", "Pixels are never negative, so their mean image is one very steep direction."),
            wrong("it halves", "The mean image stands fifteen times above all the rest."),
            right("it falls to a fifteenth", "The one steep direction is the mean image, and centring removes it."),
        ),
        cell="spectrum-run",
        shown="centred    largest 0.70",
    ),
    Choice(
        "01.saddle",
        "With η = 0.1, towards a saddle with the curvatures 1 and −1: from (−2, 0.01) it takes some forty steps to leave it. From (−2, 1e-12)?",
        (
            right("seven times as many", "The distance grows by 1 + η at each step, so only the *logarithm* of the distance δ from the axis counts."),
            wrong("a thousand times as many", "The distance grows by a factor at each step, not by an amount."),
            wrong("it stays for ever", "So it does exactly on the axis only, at δ = 0."),
        ),
        cell="saddle-run",
        shown="off by 1e-12  stays for 284 of 400 steps",
    ),
    Choice(
        "01.five_ways",
        "A line y = wx is fitted to trips of 1 to 2 km with Keras's default rate 0.01, x in kilometres, in metres or in thousands of kilometres: which stands still, and which diverges?",
        (
            wrong("none, the problem is the same", "The weight is in another unit, and so is the learning rate's 0.01."),
            right("1000 km stands still, metres diverge", "Their edges are 9e5 and 9e-7, the rate is 0.01: what can be compared is ηλ."),
            wrong("metres stand still, 1000 km diverges", "In metres inputs are 1000 times as large, and curvatures a million times."),
        ),
        cell="default-run",
        shown="m, half the mean        edge 9.04e-07  error left: 1.8e+217",
    ),
    Choice(
        "01.frozen",
        "A weight 1 in float32, a steady gradient 1, and 1000 steps with η = 2e-8. Where is the weight?",
        (
            wrong("at 1 − 2e-5", "Each step is shorter than half the gap to the next float32 number."),
            right("at 1", "Each step ends at the nearest float32 number, and that is where it began."),
        ),
        cell="surprise-frozen-run",
        shown="rate 2e-08: moved 0.0000e+00",
    ),
    Choice(
        "01.refused",
        "Which of `SGD(learning_rate=1)` and `SGD(learning_rate=-0.1)` is an error in Keras?",
        (
            right("the first", "An integer is refused for its type, even a harmless 1. `course.SGD` takes it and refuses the other."),
            wrong("the second", "A negative rate *climbs*, and nothing warns."),
            wrong("both", "A negative rate *climbs*, and nothing warns."),
            wrong("neither", "An integer is refused for its type, even a harmless 1; write 1.0."),
        ),
    ),
)

QUESTIONS = (
    Choice(
        "01.data",
        "The loss ½(wx − y)² with x = 2 has a curvature, its second derivative in w. Which number is it?",
        (
            right("4", "x²: differentiating twice brings out x twice. The data set the curvature; the target y does not."),
            wrong("1", "That is from the square alone, and forgets that w reaches the loss through x."),
            wrong("2", "Each of the two derivatives brings out an x."),
        ),
    ),
    Choice(
        "01.too_long",
        "From w = 1 on ½(2w − 6)², a step with the rate 0.6 ends higher than it began. Was the gradient wrong?",
        (
            right("No, the step was too long", "It crossed the minimum and ended higher on the other wall. A gradient tells a direction; it does not tell how far it stays valid."),
            wrong("Yes, it pointed uphill", "It was −8, and against it the loss does fall at first."),
        ),
    ),
    Choice(
        "01.clipped",
        "A gradient of length 50 meets `clipnorm=5` and `learning_rate=0.1`. How far do the weights move?",
        (
            right("0.5", "Clipping comes first and makes the length 5; then the rate multiplies it."),
            wrong("5", "That takes the threshold for the length of the step."),
            wrong("0.1", "The rate is no length: it multiplies the gradient's."),
        ),
    ),
    Choice(
        "01.smooth",
        "A loss falls smoothly for a whole epoch. A colleague says: \"so the learning rate is below the edge.\" Right?",
        (
            right("No", "It is below 2 over the curvature *along the gradients met so far*. A steep direction that began almost empty can grow unseen (for 53 steps in this chapter)."),
            wrong("Yes, else the loss would rise", "A steep direction that began almost empty can grow unseen; and between 1/λ and 2/λ the weight flips at every step while the loss falls."),
        ),
    ),
    Choice(
        "01.centimetres",
        "You express an input in centimetres instead of metres. By which factor must the rate for its weight change, and which way?",
        (
            right("10⁴ times smaller", "The inputs are 100 times larger, the weight 100 times smaller, the curvature 10⁴ times larger."),
            wrong("100 times smaller", "That counts the change of the gradient and forgets that the weight, too, is in a new unit."),
            wrong("100 times larger", "The curvature grows with the square of the inputs, and the rate must fall with it."),
        ),
    ),
    Choice(
        "01.safe",
        "Training diverges at η and works at η/2. Someone takes η/20 \"to be safe\". What does it cost, if the loss is a quadratic with κ = 100?",
        (
            right("about ten times the steps", "Below 2/(L + μ), all but the last hundredth of the stable range, the flat direction sets the time, and it goes with 1/η. And far enough down, float32 does not move at all."),
            wrong("only a little time", "Safe from divergence, yes; but the flat direction's time goes with 1/η: ten times the steps."),
            wrong("nothing, it overshoots less", "The steep direction overshoots less, but the flat one sets the time."),
        ),
    ),
)
