"""What chapter 13 asks: GPUs and many devices."""

from course.questions.kinds import Choice, right, wrong

PREDICTIONS = (
    Choice(
        "13.least",
        "A ResNet-50 has 25.6 million weights. How long does a step with momentum take at least at 50 GB/s (a laptop), and at 4800 GB/s (a GPU)?",
        (
            wrong("0.1 ms; 0.001 ms", "20 bytes for each weight are 511 MB, a hundredth of what 50 GB/s move in a second."),
            wrong("1 ms; 0.01 ms", "A step with momentum moves 20 bytes for each weight, not 2."),
            right("10 ms; 0.1 ms", "20 bytes for each weight are 511 MB: bytes / bandwidth."),
        ),
        cell="floor-run",
        shown="laptop   50 GB/s: plain   6.13 ms, momentum  10.22 ms",
    ),
    Choice(
        "13.joined",
        "In your own loop: eight examples, four on each replica, which averages its four losses. How far does the joined step go, compared with the right one?",
        (
            wrong("half as far", "The gradients are summed over the replicas, not averaged."),
            wrong("just as far", "Each replica would have to divide by all eight."),
            right("twice as far", "Two means are *added*: divide by the global batch."),
        ),
        cell="replicas-run",
        shown="each replica divides by its four: [0.9 0.9]",
    ),
    Choice(
        "13.uneven",
        "Loss (w − y)², from w = 0: five examples, y = 0, 0, 0, 12, 12, are shared as 3 + 2 by `fit`. One device steps to 0.96. How far do two?",
        (
            wrong("as far", "So it is for equal parts only."),
            wrong("less far", "Each part counts for a half, and the two 12s are the smaller part."),
            right("further", "To 1.2: the two 12s are two of *five* on one device, and a *half* on two."),
        ),
        cell="uneven-run",
        shown="8, then 5: one device 0.96, two devices 1.20",
    ),
    Choice(
        "13.normalised",
        "The digits by `fit`, one epoch in batches of 50, on one device and on two. How far apart do the weights end, without BatchNormalization and with it?",
        (
            wrong("not at all; not at all", "Two halves are summed in another order than a whole: rounding differs."),
            wrong("by rounding; by rounding", "So it is with `synchronized=True`: the replicas share their statistics."),
            right("by rounding; by about a tenth", "Each replica normalises its 25 images by *their* mean and variance."),
        ),
        cell="norm-run",
        shown="{'synchronized': False}  apart by 0.087",
    ),
    Choice(
        "13.ahead",
        "On a processor, in time per step: where is `course.SGD` furthest ahead of Keras?",
        (
            wrong("one huge variable, in a graph", "There the fused step is twice as fast, as it moves half the bytes."),
            wrong("one huge variable, by XLA", "There the two are about equal: the compiler fuses the arithmetic by itself."),
            wrong("six small variables, in a graph", "There each step is short, and most of it is not arithmetic."),
            right("six small variables, eager", "*Eager* adds Python to each operation, and with small variables that is nearly everything."),
        ),
        cell="measure-run",
    ),
    Choice(
        "13.on_a_gpu",
        "By XLA on a GPU, a step with momentum: which takes more times its floor, one variable of 25 million weights or the 161 of a ResNet-50, as many weights?",
        (
            wrong("the one", "It has one operation to start, and between one and two times the floor."),
            wrong("both alike", "Each variable has operations of its own, and to start them takes time."),
            right("the 161", "Eight to nine times: to start so many operations most likely takes longer than to move so few bytes."),
        ),
        cell="gpu-run",
    ),
    Choice(
        "13.sums",
        "One million float32 numbers are added one by one, in pairs, and in the reverse order. In how many of their digits do the sums agree?",
        (
            wrong("in all", "Floating-point addition is not associative: another order is another rounding."),
            right("in some", "The first five of eight; adding in pairs is the most exact."),
            wrong("in none", "Rounding errors are small against the sum, and some cancel."),
        ),
        cell="bits-run",
        shown="one by one  500010.75",
    ),
    Choice(
        "13.last_bit",
        "One step from the same weights: which of these pairs agrees to the last bit?",
        (
            right("ours and Keras's, Nesterov, both in a graph", "The same operations in the same order."),
            wrong("ours and Keras's, `clipnorm`, both in a graph", "A norm is a sum of ten thousand squares, taken here in another order."),
            wrong("Keras's by XLA and Keras's in a graph", "XLA fuses a product and a sum into one rounding."),
        ),
        cell="ulp-run",
        shown="Nesterov: ours and Keras's, both in a graph, 0.00 units apart",
    ),
    Choice(
        "13.clip_each",
        "Both replicas have gradient 10, the learning rate is 0.1, `clipnorm=1`. How far do Keras and `course.SGD` step?",
        (
            wrong("both by 0.1", "Keras clips on each replica: two gradients of 1 are summed."),
            right("Keras by 0.2, `course.SGD` by 0.1", "Keras clips before the sum, ours sums first, as one device with the joined batch does."),
            wrong("both by 0.2", "`course.SGD` sums first, and clips the sum."),
            wrong("Keras by 0.1, `course.SGD` by 0.2", "It is the other way round: Keras clips on each replica, before the sum."),
        ),
        cell="clip-run",
        shown="Keras  steps to [-0.2 -0.2]",
    ),
    Choice(
        "13.fails",
        "Momentum, an average, an average that overwrites the weights every two steps, accumulation over two calls: which of these fail in Keras on two devices?",
        (
            wrong("none", "Where a decision and a sum over replicas meet in one graph, Keras 3.15 raises."),
            wrong("accumulation only", "The overwrite is a decision as well: is it due?"),
            right("overwriting and accumulation", "Keras 3.15 raises where a decision and a sum over replicas meet in one graph."),
            wrong("all but momentum", "An average that only watches needs no decision."),
        ),
        cell="runs-run",
        shown="overwrite every 2  Keras   RuntimeError",
    ),
)

QUESTIONS = (
    Choice(
        "13.order",
        "In which order does Keras clip and accumulate, and why does it matter for two devices?",
        (
            right("it averages first and clips the mean", "So in chapters 09 and 11. Two devices are like two small batches: clipping each alone is not clipping their sum."),
            wrong("it cannot matter, clipping is linear", "A clip leaves short gradients alone and shortens long ones."),
            wrong("it clips each, then averages", "That is another method (chapter 09): there no batch counts more than the threshold."),
        ),
    ),
    Choice(
        "13.remembers",
        "What does Keras's SGD remember from one step to the next with `momentum=0.9, use_ema=True`?",
        (
            right("a velocity and an average for each weight, and one count", "With these it can go on exactly where it stopped."),
            wrong("a velocity, an average and the last gradient for each weight", "The gradient is not kept, unless gradients are accumulated."),
        ),
    ),
    Choice(
        "13.which_bug",
        "Two optimizers' losses are equal to the sixth digit at step 100 and differ in the second at step 1000. Which one has the bug?",
        (
            right("Perhaps neither", "Rounding differences grow in a chaotic system (chapter 11). Compare after one step, in units in the last place of the largest weight."),
            wrong("The one with the higher loss", "Rounding differences grow by themselves, either way."),
        ),
    ),
    Choice(
        "13.half",
        "A colleague rewrites the optimizer so that it needs half the multiplications. How much faster does the step get?",
        (
            right("Not at all", "As long as it moves the same bytes: memory, not arithmetic, sets its time."),
            wrong("Twice as fast", "The arithmetic is hidden behind the bytes that the step moves."),
        ),
    ),
    Choice(
        "13.four_gpus",
        "You go from one GPU to four, keep the batch of each and `clipnorm=1`, in Keras. What changes?",
        (
            right("the noise and the clip", "The global batch is four times larger, so the noise is halved; and the clip allows a gradient up to four times as long, because each replica is clipped alone."),
            wrong("only the speed", "That holds for a fixed global batch that splits evenly, no clip, no BatchNormalization and no Dropout."),
        ),
    ),
    Choice(
        "13.seed",
        "Two runs with equal seeds differ in the last digit on another machine. Is a seed missing?",
        (
            right("No", "Seeds fix the random numbers, not the order of additions. Compare after one step: a few units in the last place *of the largest weight* are rounding."),
            wrong("Yes", "Seeds fix the random numbers; another machine may add in another order."),
        ),
    ),
)
