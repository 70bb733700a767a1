package org.processmanager.ipc;

import org.processmanager.core.Inheritable;

/**
 * Both ends of a channel without a name, made by {@link Ipc#pair}. This process opens the end that it uses and passes the other
 * one to a child:
 *
 * <pre>{@code
 * try (ChannelPair jobs = Ipc.pair("pipe:");
 *         MessageSender sender = jobs.sender()) {
 *     manager.command("worker").pass("jobs", jobs.receiverForChild()).start();
 *     sender.send(job);
 * }
 *
 * Ipc.receiver(Ipc.inherited("jobs"))               // in the child, if it is a JVM
 * }</pre>
 *
 * <p><b>Unopened ends.</b> An end counts as present until it is opened or passed for the first time, so the order of opening
 * does not matter: messages are kept until the channel is full, and a receiver waits for its first sender. From then on only
 * open ends count, as between unrelated processes: the end of a child is closed when the child exits. This process keeps
 * nothing of an end that it has passed.
 *
 * <p><b>Several children.</b> The result of {@link #senderForChild} can be passed to several children, which then share the
 * channel if its transport accepts several senders. An end can be passed again after its child has exited.
 *
 * <p><b>Failed starts.</b> On {@code pipe:} an end is open in the child before its program runs: a start that fails, or a child
 * that exits without opening its end, closes it. The other end finds the channel closed, or its receiver gone, and the next
 * start connects it again. On {@code mapped:} an end that the child has not opened goes unnoticed: check that the child runs.
 *
 * <p>All methods are thread-safe. After closing the pair, no end can be opened or passed, and on {@code pipe:} unopened ends no
 * longer count as present. Open ends are not affected: the caller closes each.
 */
public interface ChannelPair extends AutoCloseable {
    /**
     * Opens the sending end in this process. Each call opens another sender, if the transport accepts several.
     *
     * @return the sender, which the caller must close
     * @throws ChannelBusyException if living processes have all sender slots
     * @throws ChannelException if it cannot be opened for another reason
     * @throws IllegalStateException if the pair is closed
     */
    MessageSender sender();

    /**
     * Opens the receiving end in this process; as {@link #receiver(Delivery)} with {@link Delivery#AT_MOST_ONCE}.
     *
     * @return the receiver, which the caller must close
     */
    default MessageReceiver receiver() {
        return receiver(Delivery.AT_MOST_ONCE);
    }

    /**
     * Opens the receiving end in this process.
     *
     * @param delivery when a message counts as received
     * @return the receiver, which the caller must close
     * @throws ChannelBusyException if a living process has the receiving end
     * @throws ChannelException if it cannot be opened for another reason
     * @throws IllegalStateException if the pair is closed
     */
    MessageReceiver receiver(Delivery delivery);

    /**
     * Returns the sending end for a child. Opens nothing: each start opens it, which throws {@link IllegalStateException} if
     * the pair is closed by then.
     *
     * @return the argument for {@link org.processmanager.core.Command#pass}
     */
    Inheritable senderForChild();

    /**
     * Returns the receiving end for a child; as {@link #senderForChild}. Only one of the children that have it at a time can
     * receive.
     *
     * @return the argument for {@link org.processmanager.core.Command#pass}
     */
    Inheritable receiverForChild();

    /** Closes the pair, but none of the ends that were opened or passed. Idempotent. */
    @Override
    void close();
}
