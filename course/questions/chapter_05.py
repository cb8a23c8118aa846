"""What chapter 05 asks: Nesterov's look-ahead."""

from course.questions.kinds import Choice, right, wrong

PREDICTIONS = (
    Choice(
        "05.ahead",
        "On ½w² the ball is at w = −0.5, left of the minimum, with velocity 1; η = 0.5 and β = 0.8. "
        "Which way does the push point, read here and read there?",
        (
            wrong(
                "right both times", "The glide ends at 0.3, beyond the minimum: the slope turns."
            ),
            right(
                "right here, left there", "The glide ends at 0.3, where the slope holds it back."
            ),
            wrong("left here, right there", "At −0.5 the slope still falls to the right."),
            wrong(
                "left both times", "At −0.5 the minimum lies to the right, and so points the push."
            ),
        ),
        cell="ahead-run",
        shown="the push read here +0.25, there -0.15",
    ),
    Choice(
        "05.direction",
        "A valley has ηλ = 0.5 across and 0.005 along, and β = 0.9. Where will Nesterov differ visibly "
        "from momentum?",
        (
            right("across", "β(1 − ηλ) is 0.45 there, half of what momentum keeps."),
            wrong("along", "β(1 − ηλ) is 0.8955 there, practically momentum's 0.9."),
            wrong("in both", "Along the floor the brake takes only one part in two hundred of β."),
            wrong("in neither", "Across, the brake halves what is kept of the velocity."),
        ),
        cell="roots-run",
        shown="ηλ 0.5: factor per step 0.9487 for momentum, 0.6708 for Nesterov",
    ),
    Choice(
        "05.switch",
        "With momentum 0.9 a ball settles on a parabola at ηλ = 1.5. You add `nesterov=True`. What "
        "becomes of the swing?",
        (
            wrong("it is gone", "So it would be at ηλ = 1, where the brake takes the whole glide."),
            wrong(
                "it is a little smaller",
                "Its factor per step is below momentum's only up to ηλ = 1.333.",
            ),
            right(
                "it diverges", "Beyond (2 + 2β)/(1 + 2β) = 1.357 the push throws it back too hard."
            ),
        ),
        cell="edge-run",
        shown="ηλ 1.5: after 60 steps momentum 5e-02, Nesterov 8e+06",
    ),
    Choice(
        "05.schedule",
        "Nesterov's own lines and Keras's, on log cosh w: do they stay together if η drops mid-run? And "
        "if β does?",
        (
            wrong("in both cases", "With a new β the original at once looks less far ahead."),
            right("if η drops, not if β does", "Keras has already moved by the old βv."),
            wrong(
                "if β drops, not if η does", "The derivation needs one β, before and after a step."
            ),
            wrong("in neither case", "η may change: the derivation uses it in one step only."),
        ),
        cell="keras-check",
        shown="η drops: apart by less than 1e-12: True",
    ),
    Choice(
        "05.old_velocity",
        "Keras's lines are v ← βv − ηg, then w ← w + βv − ηg with the new v. Which method does somebody "
        "get who keeps the *old* v for the second?",
        (
            wrong(
                "less look-ahead", "Nothing of it is left: β times the old velocity is the glide."
            ),
            wrong("plain descent", "The old velocity still carries the ball: β times it is added."),
            right(
                "momentum", "βv − ηg *is* the new velocity; no error is raised, and it trains well."
            ),
        ),
        cell="keras-check",
        shown="with the old velocity 0.530, momentum 0.530",
    ),
    Choice(
        "05.oscillates",
        "Keras's weights on a parabola, β = 0.9, with momentum and with `nesterov`: whose first "
        "overshoot is farther at ηλ = 0.5, and whose at 1.2?",
        (
            wrong(
                "momentum at both",
                "At 1.2 Nesterov's first move in Keras is 1 + β times a plain step, far past the minimum.",
            ),
            right(
                "momentum at 0.5, Nesterov at 1.2",
                "Above ηλ = 1 Nesterov changes sign at each step.",
            ),
            wrong(
                "Nesterov at 0.5, momentum at 1.2",
                "It is the other way round: Nesterov's brake helps only below ηλ = 1.",
            ),
            wrong("Nesterov at both", "Below ηλ = 1 it brakes in the very step that overshoots."),
        ),
        cell="claim-run",
        shown="lowest -1.04  Nesterov 40 changes of sign, lowest -1.28",
    ),
    Choice(
        "05.network",
        "A small network is trained with momentum 0.9; then `nesterov` is switched on at ηλ = 1.4, where "
        "λ is its steepest curvature. The edge is 1.357. What does it do?",
        (
            wrong("it diverges", "A parabola would; a network can move to where it is flatter."),
            wrong("it trains on as if nothing had happened", "So it does at 1.3, below the edge."),
            right(
                "the loss spikes, then falls",
                "The weights are thrown to a flatter place, and there they settle.",
            ),
        ),
        cell="network-run",
        shown="ηλ 1.4: loss 4e-05, at most 1e-02 in 300 steps, after 1500 1e-05, where ηλ is 1.29",
    ),
    Choice(
        "05.cycle",
        "A convex loss has curvature 25, but 1 from w = 1 to 2. With the best η and β for curvatures "
        "from 1 to 25, how does the heavy ball converge from w = 3.3?",
        (
            wrong("fast", "The pair was tuned for parabolas, and this loss is none."),
            wrong("slowly", "It does not come nearer: three points come again and again."),
            right(
                "never",
                "It cycles through three points: the flat stretch returns it in just the "
                "wrong phase.",
            ),
        ),
        cell="cycle-run",
        shown="momentum, steps 55 to 60:",
    ),
    Choice(
        "05.promise",
        "Many directions, with curvatures from 10⁻⁶ to 1: how does the loss fall after k steps of "
        "Nesterov's rule with a constant β = 0.9, in the long run?",
        (
            wrong("like 1/k²", "The theorem needs a momentum that grows; Keras's is constant."),
            right(
                "like 1/k, as plain descent", "Only ten times lower: as with the rate η/(1 − β)."
            ),
            wrong("faster than 1/k²", "For the first dozens of steps it is ahead, not in the end."),
        ),
        cell="promise-run",
        shown="β = 0.9   loss at step 10: 2.9e-01  loss at step 100: 7.2e-03  loss at step 1000: 7.1e-04",
    ),
    Choice(
        "05.zero",
        "What does Keras do with `SGD(0.1, nesterov=True)`?",
        (
            wrong("it raises an error", "PyTorch does; Keras says nothing."),
            wrong("it takes momentum 0.9 by itself", "Its default is 0.0, with `nesterov`, too."),
            right("it takes plain descent", "There is no glide: here and there are one point."),
        ),
        cell="surprise-zero-run",
        shown="nesterov, momentum 0:   0.9 0.81 0.729",
    ),
    Choice(
        "05.lowest_floor",
        "With η = 0.1, β = 0.9 and λ = σ = 1, which noise floor is the lowest: momentum's, that of the "
        "original Nesterov's w, or that of Keras's θ = w + βv?",
        (
            wrong("momentum's", "Nothing brakes its noise; the brake halves it here."),
            right("the original w's", "The brake calms noise in steep directions, too."),
            wrong("Keras's θ's", "Looking ahead adds a fifth to the floor of the original's w."),
        ),
        cell="surprise-weights-run",
        shown="original w  measured 0.272",
    ),
    Choice(
        "05.frozen",
        "You `fit` three steps with momentum 0.9, set `optimizer.momentum = 0.0` and `fit` three more. "
        "With which momentum?",
        (
            right(
                "0.9", "Momentum is a Python number, and the compiled step has read it for good."
            ),
            wrong("0", "So it would be after a new `compile`, or in an eager loop."),
        ),
        cell="surprise-frozen-run",
        shown="three more with 0.9:           0.0939 -0.1046 -0.2549",
    ),
)

QUESTIONS = (
    Choice(
        "05.swing",
        "A ball with momentum 0.9 swings on ½λw². What does one step leave of its swing?",
        (
            right(
                "√0.9 = 0.949, whatever λ is",
                "While both roots are complex, |x| = √β (chapter 04).",
            ),
            wrong("0.9", "That much it leaves of the energy, the square of the swing."),
            wrong(
                "Less where it is steeper",
                "Tempting, and false for momentum. It becomes true with Nesterov's look-ahead.",
            ),
        ),
    ),
    Choice(
        "05.slope_speed",
        "On a steady slope with gradient g, how fast does the ball get?",
        (
            right("−ηg/(1 − β)", "Ten plain steps per step at β = 0.9."),
            wrong("β times a plain step", "That forgets that the pushes add up."),
            wrong(
                "There is no limit",
                "Friction takes more the faster it is, until it takes each push.",
            ),
        ),
    ),
    Choice(
        "05.ranges",
        "Up to which learning rate do plain descent and momentum 0.9 converge on ½λw²?",
        (
            right(
                "2/λ and 3.8/λ",
                "Momentum's edge is 2(1 + β)/λ (chapter 04), plain descent's 2/λ (chapter 01).",
            ),
            wrong("2/λ, and momentum less", "That mistakes the overshoot for divergence."),
            wrong("2/λ both", "The edge moves up with β: an overshoot can still shrink."),
        ),
    ),
    Choice(
        "05.source",
        "A colleague looks into Keras's source, sees that the gradient is taken at the current "
        'weights, and says: "That is not Nesterov, it is momentum with an extra step." What do you '
        "answer?",
        (
            right(
                "The current weights *are* the look-ahead point",
                "Subtract βv and you have the original's weights, to the last rounding.",
            ),
            wrong("It needs a second gradient", "The weights already stand there, so one serves."),
            wrong(
                "You are right",
                "Momentum's gradient is taken at w, before the glide; this one after.",
            ),
        ),
    ),
    Choice(
        "05.too_far",
        "With momentum 0.9 your training swings, and the learning rate is only just below the point "
        "where it diverges. You switch on `nesterov=True`. What happens, and what should you do?",
        (
            right(
                "It diverges; lower the learning rate",
                "Momentum's edge is ηλ = 3.8, Nesterov's 1.357: to little more than a third.",
            ),
            wrong(
                "It oscillates less, and larger steps are allowed",
                "That takes damping below ηλ = 4/3 for stability above it.",
            ),
            wrong("Little changes", "Near momentum's edge ηλ is far above Nesterov's."),
        ),
    ),
    Choice(
        "05.flat",
        "Your loss falls smoothly and slowly along a flat valley, with ηλ far below 0.1 in every "
        "direction. Will `nesterov=True` speed it up?",
        (
            right(
                "Hardly",
                "β(1 − ηλ) is β there. Here a larger η, or more momentum, is what helps.",
            ),
            wrong("Yes, it converges faster", "That is about steep directions that swing."),
            wrong("No, it diverges", "Its edge, 1.357 at β = 0.9, is far away."),
        ),
    ),
)
