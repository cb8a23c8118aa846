"""What chapter 14 asks: when training goes wrong."""

from course.questions.kinds import Choice, right, wrong

PREDICTIONS = (
    Choice(
        "14.thirty",
        "A small network on the digits: a learning rate of 30 gives inf. Does `global_clipnorm=1` mend it, and what do pixels from 0 to 255 give at the healthy rate 0.3?",
        (
            wrong("yes; inf for good", "Each step may still be 30 long, where all weights together have length 9."),
            wrong("yes; a flat line", "Each step may still be 30 long, where all weights together have length 9."),
            wrong("no; a slow start", "The first loss is 125, and then inf: the first steps are far too long."),
            right("no; inf, then a flat line", "After two steps at inf the units are dead."),
        ),
        cell="nan-run",
        shown="rate 30, global_clipnorm=1        loss 2.2, 77.9, 125.0 …, at the end worse than guessing",
    ),
    Choice(
        "14.logits",
        "Ten digits: the last layer gives logits, the loss expects probabilities. Does Keras warn, and does training mend it?",
        (
            wrong("it warns", "That it does for the opposite, `from_logits=True` after a softmax."),
            wrong("no warning, but training mends it", "The loss goes from 9.1 to 8.2, where 2.3 was due, and is flat."),
            right("neither", "9.1 where 2.3 was due, and soon flat."),
        ),
        cell="logits-run",
        shown="after 3 epochs: 8.2",
    ),
    Choice(
        "14.dead",
        "Four trainings on the digits stay flat at a loss near 2.3, that of guessing. Which of them has dead ReLU units?",
        (
            wrong("a learning rate of 0.0001", "It is an untrained network, noisy, with its units alive."),
            right("a learning rate of 3", "All 32: the first steps push one after the other to where ReLU is zero for every image."),
            wrong("a weight decay of 1", "The calm one: its units live, its weights are nearly gone."),
            wrong("labels in a random order", "It looks healthy, but for the loss: there is nothing to learn."),
        ),
        cell="flat-run",
        shown="learning_rate=3            2.328    0.037          32",
    ),
    Choice(
        "14.waves",
        "A has a learning rate of 0.5 and batches of 4, B a momentum of 0.995. Which of them jumps at every step, and which goes in waves?",
        (
            right("A jumps, B goes in waves", "A is noise: after a rise comes a fall. B is a ball with almost no friction: a rise goes on."),
            wrong("B jumps, A goes in waves", "A ball with almost no friction cannot turn at once; noise can."),
            wrong("both jump", "B's changes are correlated by 0.84: a rise goes on."),
        ),
        cell="jumping-run",
        shown="B                 spread 0.14, five steps later +0.80, changes +0.84",
    ),
    Choice(
        "14.moving",
        "Training and validation loss of the *same* images, with BatchNormalization: which of them changes if its `momentum` is 0.9 instead of 0.99?",
        (
            wrong("the training loss", "Training does not use the moving statistics."),
            right("the validation loss", "It uses the moving statistics, which remember 100 steps at 0.99, and an epoch has 10."),
            wrong("both", "Training does not use the moving statistics."),
        ),
        cell="norm-run",
        shown="momentum 0.9  val_loss  1.30 0.65 0.36 0.24 0.18",
    ),
    Choice(
        "14.bad_batch",
        "At step 100 comes one bad batch, with inputs 200 times too large. With `global_clipnorm=1`, how is the damage?",
        (
            right("gone", "As far as one can see: the bad step is taken down to size, and ordinary steps are not."),
            wrong("smaller", "It is one step, as long as the clip allows: no more than an ordinary one."),
            wrong("the same", "Its gradient is a hundred times the usual length, and is cut to 1."),
        ),
        cell="cliff-run",
        shown="global_clipnorm=1  length at step 99 0.5, at 100 70; loss before 0.29, after 0.20",
    ),
)

QUESTIONS = ()
