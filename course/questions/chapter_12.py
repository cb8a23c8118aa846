"""What chapter 12 asks: tuning SGD."""

from course.questions.kinds import Choice, right, wrong

PREDICTIONS = (
    Choice(
        "12.typical",
        "192 trainings differ in the seed only; the mean validation loss is 0.12. How far from it is a typical run?",
        (
            wrong(
                "1 %",
                "The seed changes the first weights and the order of the images, and with them much more.",
            ),
            wrong(
                "5 %",
                "So far off is typically the mean of eight runs: their spread is divided by √8.",
            ),
            right(
                "15 %",
                "The spread is 0.016 of 0.123, and two runs of the same thing typically differ by that much.",
            ),
        ),
        cell="spread-run",
        shown="loss to choose by 0.123 (sd 0.016)",
    ),
    Choice(
        "12.curse",
        "Of 192 runs with identical settings eight people keep the best of their 24 each, by the validation loss. Which loss does choosing improve, that one or the test loss at the end?",
        (
            right(
                "only the validation loss",
                "Choosing has selected lucky runs: this is the winner's curse.",
            ),
            wrong("only the test loss", "Nothing was chosen by that one."),
            wrong("both", "At the end 0.004 of it is left, too little for eight to show."),
            wrong("neither", "The best of 24 looks a fifth better than the rest."),
        ),
        cell="curse-run",
        shown="to choose by: all 0.123, the eight winners 0.096",
    ),
    Choice(
        "12.knob",
        "A well tuned run: turn one knob by a factor of 3, in the direction that hurts more. Which of these does the most harm?",
        (
            right("the learning rate", "Three times as much adds nearly four times the loss."),
            wrong(
                "friction, at equal η/(1 − β)",
                "At equal η/(1 − β) a factor of 3 adds 0.09, as it changes the memory only.",
            ),
            wrong("the decay", "A factor of 3 in the decay is not shown to matter."),
        ),
        cell="first-run",
        shown="learning rate           down +0.036 ± 0.003*  up +0.436 ± 0.126*",
    ),
    Choice(
        "12.edge_and_best",
        "With momentum 0.9 a range test of 280 steps breaks down at a learning rate of 0.94, its edge. Where is the best one for ten epochs?",
        (
            wrong("near 0.9", "The edge shows where training breaks, not where it is best."),
            wrong(
                "near 0.3",
                "There the loss is already twice the best; without momentum it would be right.",
            ),
            right(
                "near 0.1",
                "A tenth of the edge: with small batches noise sets the limit, not curvature.",
            ),
        ),
        cell="range-code",
        shown="0.1      0.155 (+0.000 ± 0.000)",
    ),
    Choice(
        "12.readings",
        "Eight seeds: which reading of a range test agrees among them *and* stays where it is if the test takes longer?",
        (
            wrong(
                "the steepest fall of the raw loss",
                "An accident: the seeds differ by factors of 20 to 40.",
            ),
            wrong(
                "the steepest fall of the smoothed loss",
                "The seeds agree, but from 56 steps to 840 it goes from 0.43 to 0.02.",
            ),
            wrong("the edge", "The seeds agree, but from 56 steps to 840 it goes from 2.3 to 0.7."),
            right(
                "none",
                "A range test gives a scale, not *the* learning rate: each reading moves with its speed.",
            ),
        ),
        cell="readings-code",
        shown="0.9       840     0.01 ×÷ 42.9   0.02 ×÷ 1.2    0.25 ×÷ 1.3    0.71 ×÷ 1.3",
    ),
    Choice(
        "12.who_fails",
        "280 steps with η = 0.4 and 0.8, without momentum and with 0.9, with batches of 32 and of 448 (half of the images). Who fails?",
        (
            wrong(
                "momentum, with both batches",
                "With 448 it survives both rates, and has the lowest loss of all.",
            ),
            right(
                "momentum, with batches of 32",
                "With small batches, noise and not curvature sets the usable edge.",
            ),
            wrong(
                "plain descent, with batches of 32", "Its noise goes with η, a tenth of η/(1 − β)."
            ),
            wrong("nobody", "A ball's noise grows with η/(1 − β), here 4 and 8."),
        ),
        cell="noise-run",
        shown="batch  32, momentum 0.9, training loss at η = 0.4: 0.352, η = 0.8: above 1",
    ),
    Choice(
        "12.lead",
        "At η = 0.1, momentum 0.9 has little more than half the loss of momentum 0. How much of that lead is left if η/(1 − β) is the same for both?",
        (
            wrong("all of it", "The lead at one η compares effective rates from 0.1 to 1."),
            wrong("about half", "At equal η/(1 − β) no lead is shown on this small network."),
            right(
                "nothing is shown",
                "Where both have η/(1 − β) = 0.1, momentum 0 is even shown to be ahead, by 0.007.",
            ),
        ),
        cell="momentum-run",
        shown="0     0.276 -0.007 ± 0.002*",
    ),
    Choice(
        "12.batch",
        "16 seeds, ten epochs. By how much does the best η grow from a batch of 8 to one of 128?",
        (
            wrong("4 times, as √B", "A square root fits, and so does a linear rule."),
            wrong("16 times, as B", "A linear rule fits, and so does a square root."),
            right(
                "16 seeds cannot tell",
                "Not shown to be worse are 0.018 to 0.05 with 8, and 0.14 to 0.4, but for 0.28, with 128.",
            ),
        ),
        cell="batch-run",
        shown="128 against 8, equal epochs: +0.026 ± 0.006*",
    ),
    Choice(
        "12.decay",
        "With η = 0.05 and 280 steps, from which decay on is a change of the validation loss shown?",
        (
            wrong("0.001", "It leaves 0.986 of a weight: no change is shown."),
            right(
                "0.01",
                "+0.005 ± 0.002, by pairing; unpaired, with an error of 0.009, it would not be shown.",
            ),
            wrong("0.03", "With pairs of equal seeds a change is shown already at 0.01."),
            wrong("0.1", "With pairs of equal seeds a change is shown already at 0.01."),
        ),
        cell="decay-run",
        shown="decay 0.01   leaves 0.869: training +0.015 ± 0.002*  validation +0.005 ± 0.002*",
    ),
    Choice(
        "12.cosine",
        "The best constant learning rate is 0.1. What does a cosine gain over it if both have 0.05?",
        (
            wrong("a fifth of the loss", "That it gains at its own best rate, 0.2."),
            right(
                "nothing is shown",
                "It ends with small steps, so it may begin with large ones: give it its own rate.",
            ),
            wrong("it loses a fifth", "The difference is +0.002 ± 0.005: none is shown."),
        ),
        cell="schedule-run",
        shown="η = 0.05, cosine to constant: +0.002 ± 0.005",
    ),
    Choice(
        "12.other_eight",
        "Of 15 trials with momentum one is a range test and six try learning rates: the loss at the end is 0.111. By how much do the other eight, friction and decay, lower it?",
        (
            wrong("by half", "The loss to choose by falls by a tenth, the one at the end less."),
            wrong(
                "by a quarter", "The loss to choose by falls by a tenth, the one at the end less."
            ),
            right(
                "nothing is shown",
                "Four fifths of what the loss to choose by gains is the winner's curse.",
            ),
        ),
        cell="hour-run",
        shown="at the end 0.111, then -0.002 ± 0.002",
    ),
    Choice(
        "12.adam",
        "Adam, the ball (momentum) and Nesterov each get an hour of 15 trials; 24 people repeat it. Of whom is Adam shown to be ahead?",
        (
            right(
                "of the ball only", "By 0.015 ± 0.005. Between Adam and Nesterov nothing is shown."
            ),
            wrong("of Nesterov only", "Nesterov is itself ahead of the ball, if only just."),
            wrong("of both", "Between Adam and Nesterov nothing is shown."),
            wrong(
                "of neither", "That is what eight hours show; 24 show that it is ahead of the ball."
            ),
        ),
        cell="race-run",
        shown="ball - Adam: 8 hours +0.010 ± 0.006, 24 hours +0.015 ± 0.005*",
    ),
    Choice(
        "12.keras",
        "192 runs in NumPy, then the same settings in Keras's `fit`: do its losses at the end lie within the spread of those 192, or beyond it?",
        (
            right(
                "within it",
                "0.10, with three seeds, against 0.11 on the bench, both with an sd of 0.01.",
            ),
            wrong(
                "beyond it, better",
                "The arithmetic is the same; only first weights and order differ, as between seeds.",
            ),
            wrong(
                "beyond it, worse",
                "The arithmetic is the same; only first weights and order differ, as between seeds.",
            ),
        ),
        cell="keras-run",
        shown="loss at the end: in Keras 0.10 (sd 0.01)",
    ),
    Choice(
        "12.articles",
        "Which of these old lines does today's Keras take in silence, and ignore?",
        (
            wrong("`SGD(lr=0.001)`", 'An error, "not recognized": write `learning_rate=`.'),
            wrong("`SGD(decay=1e-6)`", "Ignored, but with a warning that is easily lost in a log."),
            wrong("`SGD(momentum=1)`", "An error, since it is an integer."),
            right(
                "`optimizer.lr = 0.5`",
                "Keras makes a new attribute of that name, and trains on at the old rate.",
            ),
        ),
        cell="article-run",
        shown="Keras:  takes it, without a word (the learning rate is 0.1)",
    ),
    Choice(
        "12.split",
        "The digits come from 13 people and lie in the file unshuffled. Train on the first four fifths and judge by the last: as in the file, or shuffled beforehand, which has fewer errors?",
        (
            wrong(
                "as in the file", "Then the last fifth is probably from other hands than the rest."
            ),
            right("shuffled", "A quarter of the errors: it asks about more of the same."),
            wrong("both alike", "The last fifth of the file is another part of the collection."),
        ),
        cell="split-run",
        shown="shuffled        errors in the last fifth: 2.4 (sd 0.4) %",
    ),
)

QUESTIONS = (
    Choice(
        "12.two_changes",
        "You raise momentum from 0.9 to 0.97 and keep the learning rate. Which two things have you changed?",
        (
            right("memory and effective rate", "η/(1 − β) grows by a factor of 3.3 (chapter 04)."),
            wrong(
                "only the momentum",
                "Tempting, and the reason why so many comparisons of momenta are comparisons of learning rates.",
            ),
            wrong("memory and edge", "The edge 2(1 + β)/λ hardly moves."),
        ),
    ),
    Choice(
        "12.four_times",
        "The batch gets four times as large. By how much does the gradient's standard deviation fall?",
        (
            right("to half", "Its variance is σ²/B (chapter 02)."),
            wrong("to a quarter", "That is the variance."),
            wrong("to a sixteenth", "The variance falls with B, not with B²."),
        ),
    ),
    Choice(
        "12.forgotten",
        "With weight decay wd and learning rate η, after how many steps have the weights forgotten a size that no gradient renews?",
        (
            right("1/(η·wd)", "Each step keeps 1 − η·wd (chapter 06)."),
            wrong("1/wd", "That forgets that Keras multiplies the decay by the learning rate."),
            wrong("1/η", "That is the time of a curvature of 1, not of the decay."),
        ),
    ),
    Choice(
        "12.one_run",
        "A colleague's new schedule has 0.12 in one run, the old one 0.13, with a spread of 0.016. What do you say?",
        (
            right(
                "Not shown",
                "Two runs of one and the same setting differ as much. Run both with the same eight seeds, subtract seed by seed, and ask whether each had its own best η.",
            ),
            wrong("It is better", "Two runs of one and the same setting differ as much."),
            wrong("There is no difference", "Not shown is not equal: more seeds may show one."),
        ),
    ),
    Choice(
        "12.large",
        "You change the batch from 32 to 256 and keep everything else. The loss gets worse. Are large batches bad?",
        (
            right(
                "That is not shown",
                "η is now too small for the batch, there are an eighth of the steps, and a schedule in steps does not reach its end. Tune η anew, give it as many steps, and then compare.",
            ),
            wrong(
                "Yes, they generalise badly",
                "That would explain a difference that has not been measured yet.",
            ),
            wrong(
                "No, the seed was unlucky", "It may be; but three other things have changed, too."
            ),
        ),
    ),
    Choice(
        "12.half_the_edge",
        'With momentum 0.9 the range test says 0.9. Why not train with 0.5, "to be safe"?',
        (
            right(
                "0.9 is where training breaks",
                "Read in haste, and hence too high; with momentum 0.9 the best was near a tenth of it. Three times above the best cost two to five times the loss, three times below it only a third more: if unsure, go lower.",
            ),
            wrong(
                "0.5 is too slow",
                "It is far too fast: with momentum 0.9 the best was near a tenth of the edge.",
            ),
            wrong(
                "It is safe, do so", "At a third of the edge the loss was already twice the best."
            ),
        ),
    ),
)
