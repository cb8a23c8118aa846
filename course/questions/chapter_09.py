"""What chapter 09 asks: gradient accumulation."""

from course.questions.kinds import Choice, right, wrong

PREDICTIONS = (
    Choice(
        "09.how_far",
        "A loss is a mean over its batch. With `gradient_accumulation_steps=4` and batches of three, how far does the fourth call go, compared with one step on all twelve examples?",
        (
            wrong("a quarter as far", "So it is where a loss *sums* over its batch: then the joined gradient is four times this mean."),
            right("just as far", "The mean of the four gradients is the joined batch's."),
            wrong("four times as far", "The sum of four gradients is divided by four."),
        ),
        cell="equal-run",
        shown="joined: [ 0.0188 -0.3769  0.2058]",
    ),
    Choice(
        "09.counts",
        "Ten examples in batches of 4, 4 and 2 are accumulated, k = 3: how much does an example in the last batch count, compared with one in the first?",
        (
            wrong("the same", "A mean of means is the mean only for equal sizes."),
            right("twice as much", "Each batch counts for a third, and two share the last one."),
            wrong("half as much", "Each batch counts for a third: fewer share the last one."),
        ),
        cell="unequal-run",
        shown="batch of 2: each example counts 0.1667",
    ),
    Choice(
        "09.drops",
        "A schedule is to drop the learning rate after 8 steps; then `gradient_accumulation_steps=4` is switched on. After how many *updates* does it drop?",
        (
            right("after 2", "A schedule counts calls, and four of them make an update."),
            wrong("after 8", "So it would be if it counted updates, as `optimizer.iterations` does."),
            wrong("after 32", "That is the number of calls that 8 updates take."),
        ),
        cell="schedule-run",
        shown="update 3: the schedule was asked for step 11 and said 0.01",
    ),
    Choice(
        "09.normalised",
        "A model with one batch-normalised output; 12 examples as one batch, or 4 × 3 accumulated. How far apart are the two gradients?",
        (
            wrong("equal", "So they are without the normalisation."),
            wrong("nearly equal", "Three examples at a time have a mean and a deviation of their own."),
            right("far apart", "An example's gradient depends on its neighbours: there is nothing to regroup."),
        ),
        cell="batchnorm-run",
        shown="normalised True: 4 × 3 [-0.7521  4.5347 -3.7816], joined [-0.2558  1.8806 -1.624 ]",
    ),
    Choice(
        "09.points",
        "Three gradients (0, 1) and one outlier (100, 0), with `clipnorm=1`. Where does the step point in Keras?",
        (
            wrong("along the three", "The outlier is thirty times as long as the three together."),
            right("along the outlier", "The mean is (25, 0.75), and clipping keeps its direction."),
            wrong("between them", "That is what clipping each call first gives: (0.25, 0.75)."),
        ),
        cell="clipping-run",
        shown="mean, then clip (Keras): [1.   0.03]",
    ),
    Choice(
        "09.pulled",
        "With `use_ema=True`, m = 0.9 and `gradient_accumulation_steps=4`, at which of the first eight calls does the average change?",
        (
            wrong("at 4 and 8", "At 1, too: there zeros become a copy of the initial weight."),
            right("at 1, 4 and 8", "At 1 zeros become a copy, at 4 it copies the first updated weight, and from 5 to 7 there is nothing to follow."),
            wrong("at every call", "It is pulled at every call, but where it equals a weight at rest nothing changes."),
        ),
        cell="average-run",
        shown="average 5.000 5.000 5.000 4.000 4.000 4.000 4.000 3.900",
    ),
    Choice(
        "09.becomes",
        "With `use_ema=True`, `ema_overwrite_frequency=2` and `gradient_accumulation_steps=4`, at which of the first 12 calls does the weight become the average?",
        (
            wrong("at 8", "The test asks at each call whether calls // k + 1 is even."),
            right("at 5, 6, 7 and 8", "At all of them calls // k + 1, as it is before the call, is even."),
            wrong("at 4 and 12", "The test is about calls // k + 1, not about the updates made."),
        ),
        cell="overwrite-run",
        shown="weight and average are equal after calls 5 6 7 8 13 14 15 16",
    ),
    Choice(
        "09.rests",
        "Two equal weights, momentum 0.9 and `weight_decay=0.1`. After a first real gradient, one receives zeros and the other `None`. Which of the two rests?",
        (
            wrong("the one with zeros", "Zeros still coast on the velocity and decay."),
            right("the one with `None`", "Keras passes it over, and warns."),
            wrong("both", "Zeros still coast on the velocity and decay."),
            wrong("neither", "A weight whose gradient is `None` is passed over, its decay, too."),
        ),
        cell="none-run",
        shown="zeros: 0.7911   None: 0.8900",
    ),
    Choice(
        "09.cut",
        "An epoch has 3 batches. How many updates are made in each of four epochs with `gradient_accumulation_steps=2`?",
        (
            wrong("1, 1, 1, 1", "A group that is not full at the epoch's end waits, and is filled in the next."),
            right("1, 2, 1, 2", "What is left of one epoch is filled in the next."),
            wrong("2, 2, 2, 2", "Keras does not step with half a group."),
        ),
        cell="rest-run",
        shown="k = 2, updates in each epoch: 1 2 1 2",
    ),
    Choice(
        "09.nearest",
        "On ½λw² with noise, ηλ = 0.1, from w = 10: a step at each call, with η or η/8, or accumulating 8 calls, with η or 8η. Which is nearest to 0 after 80 calls, and which has the highest floor?",
        (
            right("a step at each call with η; accumulating with 8η", "The floor of the long steps is higher than that of the small ones."),
            wrong("accumulating with 8η; the same", "It is nearly as near, and its floor is the highest."),
            wrong("a step at each call with η; the same", "Its floor is 0.053; that of the eight times larger steps is 0.084."),
            wrong("accumulating with η; a step at each call with η", "It is eight times calmer and far slower: 3.5 after 80 calls."),
        ),
        cell="rate-run",
        shown="accumulate 8, η = 0.8      after 80 calls 0.296, floor 0.0838",
    ),
    Choice(
        "09.saves",
        "1024 examples through a layer of 512, at once or as 8 × 128. What happens to the peak of memory, and what to the multiplications?",
        (
            wrong("both fall to an eighth", "No arithmetic is saved: each example is multiplied once in either case."),
            right("memory falls, the multiplications stay", "Activations are kept for the examples of one call only; each example is multiplied all the same."),
            wrong("memory stays, the multiplications fall", "It is the other way round."),
        ),
        cell="memory-run",
        shown="8 × 128: peak 2 MB, 83 million multiplications",
    ),
)

QUESTIONS = (
    Choice(
        "09.variance",
        "A batch becomes four times as large. What happens to the variance of its gradient?",
        (
            right("It falls to a quarter", "σ²/B (chapter 02)."),
            wrong("It falls to a half", "That is true of the standard deviation."),
            wrong("It stays", "The mean stays; the errors of single examples partly cancel."),
        ),
    ),
    Choice(
        "09.lengths",
        "`clipnorm=1` receives a gradient of length 50, then one of length 0.1. How long are they afterwards?",
        (
            right("1 and 0.1", "A norm clip shortens what is too long and leaves the rest alone (chapter 07)."),
            wrong("both 1", "That would be normalising."),
            wrong("1 and 0.002", "Each gradient has a factor of its own."),
        ),
    ),
    Choice(
        "09.first_average",
        "With `use_ema=True`, what is the average after the very first update?",
        (
            right("the weights after that update", "Keras takes m = 0 there (chapter 08)."),
            wrong("1 % of the weights after it", "\"It starts at zero and m is 0.99\" forgets that the first update has m = 0."),
        ),
    ),
    Choice(
        "09.cosine",
        "A cosine schedule over 10,000 steps worked well. You switch on `gradient_accumulation_steps=4` and keep batch size, epochs and schedule. What is different?",
        (
            right("The weights travel about a quarter as far", "There are 2,500 updates at the same learning rates. The schedule still ends with the training, as it counts calls."),
            wrong("The schedule runs four times too long", "That mixes up the counters: it counts calls, not updates."),
            wrong("Nothing, the gradients are averaged", "Each step is as long as before, and there are a quarter of them."),
        ),
    ),
    Choice(
        "09.explosion",
        "Two loops accumulate eight batches: one clips after each backward pass, the other is Keras. One batch in a thousand explodes. Which one does the explosion steer?",
        (
            right("Keras's", "The outlier dominates the mean, and the clip shortens it but keeps its direction."),
            wrong("Neither, both clip", "Both bound the length; but Keras clips the mean, and the outlier has given that its direction."),
            wrong("The one that clips each", "There no batch counts more than 1."),
        ),
    ),
    Choice(
        "09.port",
        "You port a PyTorch loop that calls `backward()` four times and then steps, with a learning rate of 0.1. Which one does Keras need with `gradient_accumulation_steps=4`?",
        (
            right("0.4, or 0.1 if the loop divides its loss by four", "`backward` sums. Clips and decay do not scale along: better divide the loss in the loop first, and compare then."),
            wrong("0.1, whether the loop divides its loss by four or not", "Keras takes the mean: where the loop does not divide its loss, 0.1 steps a quarter as far."),
            wrong("0.025", "The sum is larger than the mean, so the mean needs the larger rate."),
        ),
    ),
)
