"""What chapter 08 asks: averaging the weights."""

from course.questions.kinds import Choice, right, wrong

PREDICTIONS = (
    Choice(
        "08.nearer",
        "A thousand runs on ½w² start at w = 10, with η = 0.5, gradient noise of variance 1, and m = 0.99. Which is nearer to the minimum after 50 steps, w or its average, and which after 1000?",
        (
            wrong(
                "the average both times",
                "After 50 steps it still remembers the start: its memory is 100 steps.",
            ),
            wrong(
                "the weights both times",
                "They stay at their noise floor; the average is the middle of their wandering.",
            ),
            right(
                "the weights, then the average",
                "First the average is far behind, in the end about sixty times better.",
            ),
            wrong(
                "the average, then the weights",
                "An average remembers the start, and forgets it only after some memories.",
            ),
        ),
        cell="opening-run",
        shown="step 1000: mean square of w 0.3265, of the average 0.0051",
    ),
    Choice(
        "08.shrink",
        "With m = 0.99 and ηλ = 0.01, by what factor does averaging shrink the weights' variance?",
        (
            wrong("0.005", "So it would be if the weights were independent from step to step."),
            wrong(
                "0.05",
                "A hundred weights that are each 0.99 of the one before are hardly two opinions.",
            ),
            right("0.5", "(1 − m)(1 + mρ) / ((1 + m)(1 − mρ)) with ρ = 0.99."),
        ),
        cell="variance-run",
        shown="ρ 0.99 m 0.99: measured 0.5050, formula 0.5000",
    ),
    Choice(
        "08.validated",
        "With `use_ema=True`, which weights does the last epoch's `val_loss` see, and which does the model have after `fit`?",
        (
            wrong("the average, the average", "The average is put in only when `fit` ends."),
            right(
                "the raw ones, the average",
                "`fit` puts the average in at its end, after the last validation.",
            ),
            wrong(
                "the raw ones, the raw ones",
                "At the end of `fit` Keras overwrites the weights with their average.",
            ),
            wrong(
                "the average, the raw ones",
                "It is the other way round: during `fit` the average only watches.",
            ),
        ),
        cell="raw-run",
        shown="raw weight 3.2768, loss 10.7374",
    ),
    Choice(
        "08.last_down",
        "The weights come down from 10 to a minimum at 0. Three averages follow with m = 0.99: Keras's, one from zero with Adam's correction, and one whose memory grows with the run. Which comes down last?",
        (
            right(
                "Keras's",
                "It starts as a copy of the first weights, which counts like 100 weights at m = 0.99 until it fades.",
            ),
            wrong(
                "one from zero with Adam's correction",
                "Its first weights count no more than others, so it forgets them sooner.",
            ),
            wrong(
                "one with a growing memory",
                "Early on its memory is short, so it forgets the start at once.",
            ),
        ),
        cell="first-run",
        shown="step   50: Keras's 9.6822, corrected 0.0430, growing 0.0744",
    ),
    Choice(
        "08.lowest",
        "Curvatures 1 and 0.01, noisy gradients, 600 steps from (3, 3): which has the lowest loss?",
        (
            wrong(
                "η = 0.5", "It is quick along the flat direction, and restless in the steep one."
            ),
            right(
                "η = 0.5 with m = 0.99",
                "The average has the calm of a small rate and the way of a large one.",
            ),
            wrong(
                "η = 0.01",
                "As calm as the average in the steep direction, but far behind in the flat one.",
            ),
        ),
        cell="cap-run",
        shown="η = 0.5, averaged  steep 0.0025, flat 0.0013, together 0.0038",
    ),
    Choice(
        "08.trench",
        "Noise carries w around a round trench of minima. As m grows from 0 to 0.998, what does the average's loss do?",
        (
            wrong(
                "it falls",
                "A long memory averages points from all around, and their middle lies in none of the minima.",
            ),
            wrong(
                "it rises, then it falls",
                "It is the other way round: a short memory takes away jitter, a long one leaves the trench.",
            ),
            wrong("it rises", "A short memory takes away the jitter across the trench."),
            right(
                "it falls, then it rises",
                "The average is better while the weights that it remembers share one bowl.",
            ),
        ),
        cell="ring-run",
        shown="m = 0.9  : mean loss 0.0046",
    ),
    Choice(
        "08.period",
        "On ½w² with noise, η = 0.1 and m = 0.98, the average overwrites the weights every 20 steps. How much of their variance goes, on average over a period?",
        (
            wrong("90 %", "Right after an overwrite; over the period the noise comes back."),
            wrong("50 %", "Over a period it is less; and most of the speed goes with it."),
            right("20 %", "A fifth of the variance, and most of the speed."),
        ),
        cell="overwrite-run",
        shown="overwritten, whole periods       20 steps leave 0.790; mean square 0.0408",
    ),
    Choice(
        "08.velocity",
        "A ball rolls down a slope by 1 per step, and every 10 steps the average overwrites its weight. What does that do to the velocity?",
        (
            wrong("it sets it to zero", "Only the weights are written."),
            wrong(
                "it sets it to the average's speed",
                "Only the weights are written: the velocity stays at 1 per step, and the ball travels at 0.41.",
            ),
            right(
                "nothing",
                "Only the weights are written: w is thrown back by nearly six, and the velocity stays.",
            ),
        ),
        cell="velocity-run",
        shown="call 290: w -115.86, velocity -1.000",
    ),
    Choice(
        "08.best_epoch",
        "With `use_ema=True`, `EarlyStopping(restore_best_weights=True)` restores the best epoch; of five that is the fifth. Does the model end with the average?",
        (
            wrong("yes", "The average is put in, and then the restoring comes."),
            right(
                "no",
                "The restoring comes after the average was put in, and puts the raw weights over it.",
            ),
        ),
    ),
)

QUESTIONS = (
    Choice(
        "08.floor",
        "On ½λw² with gradient noise of variance σ², where does plain SGD stop improving, and what can you do?",
        (
            right(
                "at ησ²/(λ(2 − ηλ)); lower η",
                "That is the noise floor (chapter 02); larger batches lower it, too. The weights' average goes below it (this chapter).",
            ),
            wrong(
                "at 0, if one waits",
                "Waiting does not help the weights; it helps their average.",
            ),
            wrong(
                "at σ²; take more examples",
                "The floor goes with η: a small rate lets the noise of many batches cancel.",
            ),
        ),
    ),
    Choice(
        "08.momentum",
        "Momentum sums old gradients. Does it average the noise away?",
        (
            right(
                "No",
                "At equal η the floor rises by about 1/(1 − β) (chapter 04). An average of the *weights* does, and it drives nothing.",
            ),
            wrong(
                "Yes, as every average",
                "It sums what drives the weights, without the factor 1 − β that would make it an average.",
            ),
        ),
    ),
    Choice(
        "08.schedule",
        "Why does a schedule end with a small learning rate?",
        (
            right(
                "The noise that each step adds is smaller",
                "A large η comes down fast and a small one rests low (chapter 03). The price is that one must know the end beforehand.",
            ),
            wrong(
                "Small steps are more exact",
                "Without noise each rate below 2/λ ends in the same minimum; only the noise tells them apart.",
            ),
        ),
    ),
    Choice(
        "08.worse",
        "Somebody adds `use_ema=True, ema_momentum=0.999` to a training of 500 updates, and the result is far worse. What is it?",
        (
            right(
                "The memory: 1000 steps against 500",
                "The copy of the first weights still has the coefficient 0.999⁴⁹⁹ = 0.61. m = 0.99 leaves 0.7 % of the copy.",
            ),
            wrong(
                "The missing bias correction",
                "There is no bias towards zero, and dividing by 1 − mᵗ would enlarge all weights.",
            ),
            wrong(
                "A learning rate that is now too large",
                "The steps are those without the average, which only watches.",
            ),
        ),
    ),
    Choice(
        "08.directions",
        "ηλ is 0.2 in the steepest direction and 0.0002 in the flattest. What does m = 0.99 do to the noise in each?",
        (
            right(
                "a twentieth is left; nothing",
                "In the steep one ηλ is 20 times 1 − m: about 1/(1 + 20). In the flat one successive weights are nearly the same.",
            ),
            wrong("0.005 is left in both", "That takes successive weights for independent."),
            wrong(
                "nothing; a twentieth is left",
                "In the flat one successive weights are nearly the same, and averaging them gains nothing.",
            ),
        ),
    ),
    Choice(
        "08.jumps",
        "Your validation curve jumps although `use_ema=True`. Do you set `ema_overwrite_frequency=1`?",
        (
            right(
                "No, use `SwapEMAWeights`",
                "The curve shows the raw weights; this shows the averages.",
            ),
            wrong(
                "Yes, then the curve shows the average",
                "w would move by (1 − m) of each step: plain SGD with a hundredth of the learning rate, for the default m = 0.99, and its average is itself.",
            ),
        ),
    ),
)
