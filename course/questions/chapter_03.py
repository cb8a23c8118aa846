"""What chapter 03 asks: learning rate schedules."""

from course.questions.kinds import Choice, right, wrong

PREDICTIONS = (
    Choice(
        "03.race",
        "Curvatures 1, 0.1 and 0.01, 1000 noisy steps; constant, step, 1/t, cosine and exponential rates, each at its best: which ends lowest, which highest?",
        (
            wrong("1/t, constant", "1/t shares its place with the step; the cosine is ahead of both."),
            right("cosine, constant", "All but the constant are within 11 % of the best: that the rate starts high and ends low matters much, the curve in between matters little."),
            wrong("constant, exponential", "The constant must be calm and fast at once, and is far off."),
        ),
        cell="budget-run",
        shown="cosine       largest rate 0.127, last 0.0086: final loss 0.0453",
    ),
    Choice(
        "03.asked",
        "Twelve calls of the optimizer: which counts does a schedule see, and which with `gradient_accumulation_steps=4`?",
        (
            wrong("1 to 12; 4, 8, 12", "It is asked for the number of calls *before* this one."),
            wrong("0 to 11; 0, 1, 2", "With accumulation, too, it counts calls, not updates."),
            right("0 to 11; 3, 7, 11", "The number of calls before this one; an update reads it at every fourth call."),
        ),
        cell="who-run",
        shown="accumulating 4:  3 7 11",
    ),
    Choice(
        "03.callable",
        "`fit` runs one step on w² from w = 1 with a callable that returns 0.1. Then it returns 0.4, and `fit` runs one more. Each step multiplies w by 1 − 2η. Where is w?",
        (
            wrong("at 0.16", "So it would be in a loop that is not compiled, where the callable is asked at each step."),
            right("at 0.64", "`fit` compiles the step, and the callable is asked once while that happens."),
        ),
    ),
    Choice(
        "03.arrives",
        "SGD with noise on ½w² takes its rates from one of four sequences: constant ½, ½/√t, ½/t² or ½·0.9ᵗ⁻¹. With which does E w² go to 0? (Robbins and Monro's conditions, Ση = ∞ and Ση² < ∞, hold for *none* of them.)",
        (
            wrong("none", "The two conditions are sufficient, not necessary."),
            right("½/√t", "Its sum is infinite and its rate goes to 0: on the parabola that is enough."),
            wrong("½/t²", "All its rates together make 0.82: too short to arrive."),
            wrong("½·0.9ᵗ⁻¹", "It keeps noise that it no longer has the steps to forget."),
        ),
        cell="robbins-run",
        shown="1/2 / √t      Ση 315.50   E w² after 10², 10⁴, 10⁵ steps: 0.02700     0.00252     0.00079",
    ),
    Choice(
        "03.flatter",
        "On ½λw² with λ = 0.1 and noise of variance 1, E w² is 16 at the start. How large is it after 10⁵ steps with rates 1/t?",
        (
            wrong("0.001", "That is the best possible here; 1/t forgets like t⁻⁰·² only."),
            wrong("0.01", "The distance shrinks like t to the power of −λ, so 10⁵ steps leave a third of the way."),
            right("above 1", "A rate ten times too small lowers the power of t: 1.6 is left of 16."),
        ),
        cell="robbins-flat",
        shown="1/t           E w² after 10², 10⁴, 10⁵ steps: 6.34980     2.53499     1.59955",
    ),
    Choice(
        "03.drop",
        "Noisy gradients, two curvatures, 1 and 0.01, and η = 0.1 with one drop to 0.01: after 100 steps, after 800 or never. Which is best after 200 steps, which after 1000?",
        (
            wrong("the early one, both times", "It wins at 200 and ends worse than no drop at all: what is lost is travel along the flat direction."),
            right("the early one, then the late one", "Travel first, settle last: the late drop removes the same noise, after the travel."),
            wrong("none, then the late one", "What falls at once after a drop is the noise in the steep direction."),
        ),
        cell="early-run",
        shown="drop at 800  loss after 200 steps 0.0882, after 1000 0.0377",
    ),
    Choice(
        "03.warm_up",
        "On ½w² + ¼w⁴ from w = −4, constant 0.1 converges. What do constant 1.0 and a warm-up from 0 to 1.0 in 20 steps do?",
        (
            wrong("both diverge", "The warm-up has left the steep region before its rate would be too large there."),
            right("only the constant diverges", "The warm-up survives, and after 20 steps it is more than a million times nearer than 0.1."),
            wrong("both converge", "At w = −4 a step gets closer only with a rate below 0.118."),
        ),
        cell="warm-run",
        shown="warm-up to 1.0  |w| after 1, 2, 10, 20 steps: 4 0.6 0.033 1.2e-08",
    ),
    Choice(
        "03.doubled",
        "1000 examples, 10 epochs, batches of 32: you set `CosineDecay(0.1, decay_steps=320)`. Then you double the batch and leave the schedule. What is the last learning rate?",
        (
            wrong("0", "The schedule is written in steps, and there are half as many."),
            right("about 0.05", "The run ends in the middle of the cosine, and the calm end never comes."),
            wrong("0.1", "160 of the cosine's 320 steps are made, so half of the way down is done."),
        ),
        cell="who-batch",
        shown="batch  64: 160 calls, last rate 0.05049",
    ),
    Choice(
        "03.boundary",
        "`PiecewiseConstantDecay([60], [0.1, 0.01])`: how many steps get 0.1?",
        (
            wrong("59", "A boundary still belongs to the old rate, and counts start at 0."),
            wrong("60", "Counts 0 to 60 are 61."),
            right("61", "A boundary still belongs to the old rate (count ≤ 60), and counts start at 0."),
        ),
        cell="surprise-run",
        shown="steps with the old rate: 61",
    ),
)

QUESTIONS = (
    Choice(
        "03.limit",
        "The steepest curvature of a loss is L. Above which constant learning rate does plain descent diverge, and what happens just below it?",
        (
            right("2/L; it jumps from side to side", "Between 1/L and 2/L it still converges."),
            wrong("1/L; it jumps from side to side", "That takes the end of smoothness for the end of convergence."),
            wrong("2/L; it creeps", "It creeps below 1/L; above, the factor 1 − ηL is negative."),
        ),
    ),
    Choice(
        "03.longer",
        "On ½λw² with gradient noise of variance σ², a constant η leaves E w² = ησ²/(λ(2 − ηλ)). You train ten times longer. What becomes of it?",
        (
            right("Nothing", "It is a floor, reached and then kept. A smaller η, or a larger batch, lowers it."),
            wrong("A tenth of it is left", "\"More steps average the noise away\" would be true of a mean over the steps, and the last weights are no mean."),
        ),
    ),
    Choice(
        "03.epoch",
        "One epoch over 1000 examples in batches of 32: how many optimizer steps?",
        (
            right("32", "31 full batches and a last one of 8 examples."),
            wrong("31", "That forgets the last batch, of 8 examples."),
            wrong("1000", "That would be one example at a time, which is not what Keras's `fit` does."),
        ),
    ),
    Choice(
        "03.overdue",
        "Your training loss has been flat and noisy for two epochs. You divide the rate by ten, and it falls by half within minutes. Was the drop overdue?",
        (
            right("You cannot tell", "The noise of the steep directions leaves at once whenever you drop, and travel along flat directions became ten times slower at the same moment. Compare the ends of two runs, not the minutes after the drop."),
            wrong("Yes, it fell, so it was right", "That looks a few minutes ahead and no further."),
            wrong("No, it came too early", "That cannot be told from the minutes after the drop either."),
        ),
    ),
    Choice(
        "03.accumulated",
        "You switch on `gradient_accumulation_steps=8` and keep data, batch size and epochs. What must become of `decay_steps`?",
        (
            right("Nothing", "The schedule counts calls, and there are as many as before."),
            wrong("Divide it by 8", "That is right for anything that follows `optimizer.iterations`; a schedule does not."),
            wrong("Multiply it by 8", "The calls are as many as before."),
        ),
    ),
    Choice(
        "03.between",
        "Between two `fit` calls a colleague sets `optimizer.learning_rate = CosineDecay(…)`, over another schedule, prints it, sees the right number and goes on. What happens?",
        (
            right("Keras trains on with the old rate", "The compiled step does not know the new schedule. The print shows what the optimizer holds, not what the step uses: `model.compile(optimizer, …)` first."),
            wrong("It raises a `TypeError`", "That is the answer for a *float* over a schedule."),
            wrong("The new schedule runs", "Only after the next `compile`."),
        ),
    ),
)
