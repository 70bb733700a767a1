package org.processmanager.ipc;

import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.SortedMap;
import org.processmanager.core.Inheritable;
import org.processmanager.ipc.internal.InheritedChannel;
import org.processmanager.ipc.internal.lookup.Transports;
import org.processmanager.sync.OpenMode;

/**
 * Opens and deletes channels between processes.
 *
 * <pre>{@code
 * try (MessageReceiver jobs = Ipc.receiver("mapped:jobs?capacity=4m")) {
 *     jobs.forEach(message -> handle(message));    // returns when the channel is closed
 * }
 * // in another program
 * try (MessageSender jobs = Ipc.sender("mapped:jobs")) {
 *     jobs.send(bytes);                            // returns when the channel has accepted the message
 * }
 * }</pre>
 *
 * <p>The scheme of the endpoint selects the {@link Transport}:
 *
 * <table>
 *   <caption>Transports of this library</caption>
 *   <tr><th>scheme</th><th>a channel is</th><th>senders</th><th>receivers</th><th>without a receiver</th></tr>
 *   <tr><td>{@code fifo:}</td><td>a named pipe of the operating system</td><td>any number</td><td>one</td>
 *     <td>{@code send} blocks until one opens the channel</td></tr>
 *   <tr><td>{@code pipe:}</td><td>a pipe without a name, made by {@link #pair} and passed to a child</td><td>any number</td>
 *     <td>one</td><td>messages are kept until the first one has opened the channel, then as {@code fifo:}</td></tr>
 *   <tr><td>{@code mapped:}</td><td>a ring buffer in shared memory for each sender, the fastest</td>
 *     <td>one, or up to {@code senders}</td><td>one</td>
 *     <td>messages are kept until the channel is full</td></tr>
 *   <tr><td>{@code mapped:} with {@code mode=broadcast}</td><td>a ring buffer in shared memory, each receiver gets each
 *     message</td><td>one</td><td>up to {@code receivers}</td>
 *     <td>messages are dropped: a receiver gets those that are sent after it joined</td></tr>
 *   <tr><td>{@code mapped:} with {@code mode=queue}</td><td>a buffer in shared memory, each message goes to one receiver</td>
 *     <td>any number, 256 ends in all</td><td>any number</td><td>messages are kept until the channel is full</td></tr>
 *   <tr><td>{@code unix:}</td><td>a Unix domain socket, through the JDK alone</td><td>any number, up to {@code clients}</td>
 *     <td>one</td><td>{@code send} blocks until one opens the channel</td></tr>
 * </table>
 *
 * <p>A target without a slash is a name: the channel is a file in the directory of this user's shared memory,
 * {@code /dev/shm/pm-<uid>/} (which some systems clear when the user logs out). A target with a slash is a path.
 *
 * <p>Sizes are a number of bytes, or one followed by {@code k}, {@code m} or {@code g}, as {@code 64k}. An unknown option, and a
 * value outside the stated range, is an {@link IllegalArgumentException}. These are all options:
 *
 * <table>
 *   <caption>Options of endpoints</caption>
 *   <tr><th>scheme</th><th>option</th><th>default</th><th>meaning</th></tr>
 *   <tr><td>{@code mapped:}</td><td>{@code capacity}</td><td>{@code 64k}</td>
 *     <td>Size of a ring buffer, from {@code 4k} to {@code 1g}, rounded up to a power of two. A message takes its length,
 *     rounded up to 8, and 8 bytes more. A claim has at most half the capacity less 8 bytes, a message that is offered at most the
 *     capacity less 48 bytes. The end that creates the channel sets it; the other end omits it or gives the same.</td></tr>
 *   <tr><td>{@code mapped:}</td><td>{@code max}</td><td>{@code 16m}, or half the capacity if that is more</td>
 *     <td>Longest message, at most {@code 256m}. One that is longer than the capacity less 48 bytes is sent by {@code send} alone, in
 *     parts, while the receiver takes them and gathers them in memory, for each lane. If that receiver leaves before the last
 *     part is in the channel, the send fails; if it dies later, such a message is lost, also with
 *     {@link Delivery#AT_LEAST_ONCE}. Set by the creator, as the capacity.</td></tr>
 *   <tr><td>{@code mapped:}</td><td>{@code senders}</td><td>{@code 1}</td>
 *     <td>How many senders there can be at a time, 1 to 64. Each has a lane, a ring buffer of its own with the whole capacity: a
 *     sender finds the channel full when its own lane is. The receiver takes from the lanes in turn; the order of the messages
 *     is kept for each sender. The lane of a sender that closed or died is emptied by the receiver; the next sender uses an
 *     empty lane, or, if there is none, continues behind the messages of an earlier one. The end that creates the channel sets
 *     the number; the others omit it or give the same. At most {@code 1g} for all lanes.</td></tr>
 *   <tr><td>{@code mapped:}</td><td>{@code mode}</td><td>one to one</td>
 *     <td>The form of the channel: {@code broadcast} or {@code queue}. The end that creates the channel sets this option and the
 *     sizes; the others omit them or give the same. {@code policy} and {@code lag} require it.</td></tr>
 *   <tr><td>broadcast</td><td>{@code capacity}</td><td>{@code 64k}</td>
 *     <td>As above, with 16 bytes more for each message; one of more than a quarter of it less 16 bytes is refused.</td></tr>
 *   <tr><td>broadcast</td><td>{@code receivers}</td><td>{@code 8}</td>
 *     <td>How many receivers there can be at a time, 1 to 64.</td></tr>
 *   <tr><td>broadcast</td><td>{@code policy}</td><td>{@code block}</td>
 *     <td>What happens when this receiver lags. {@code block}: the sender waits for it;
 *     {@link ChannelSnapshot#slowestReceiver()} names it. {@code dropOldest}: it misses the oldest messages and counts them
 *     exactly, {@link ChannelSnapshot#missedMessages()}. {@code evict}: it gets a {@link ReceiverEvictedException}. Dead receivers
 *     never hold the sender up. Handlers read in place with {@code block}, else in a copy. Ignored by senders.</td></tr>
 *   <tr><td>broadcast</td><td>{@code lag}</td><td>the capacity</td>
 *     <td>The longest lag with {@code policy=evict} in bytes, which includes the message being sent. A receiver that has received
 *     everything is not evicted. Ignored by senders.</td></tr>
 *   <tr><td>queue</td><td>{@code max}</td><td>{@code 4k}</td>
 *     <td>Longest message, from 1 to {@code 1g} bytes.</td></tr>
 *   <tr><td>queue</td><td>{@code capacity}</td><td>{@code 256k}</td>
 *     <td>Room for messages, from {@code 4k} to {@code 1g}: for as many as would fit if each had {@code max} bytes.</td></tr>
 *   <tr><td>{@code fifo:}, {@code pipe:}</td><td>{@code capacity}</td><td>the system's, mostly {@code 64k}</td>
 *     <td>Size of the pipe that the receiver requests from the operating system, from {@code 4k} to {@code 1g}. Without
 *     privileges the system grants at most {@code /proc/sys/fs/pipe-max-size}, mostly {@code 1m}, and less to a user with many
 *     pipes. The receiver then takes the largest size that is granted by halving; {@link ChannelSnapshot#capacityBytes()} of
 *     the receiver is the result.</td></tr>
 *   <tr><td>{@code fifo:}, {@code pipe:}</td><td>{@code max}</td><td>{@code 16m}</td>
 *     <td>Longest message, at most {@code 256m}. Both ends must give the same. Four senders at a time can be within a message
 *     of more than 4064 bytes, others wait for them as for room; the receiver uses up to four times this size, and four times
 *     the size of the pipe, for the messages that it reassembles.</td></tr>
 *   <tr><td>{@code unix:}</td><td>{@code max}</td><td>{@code 16m}</td>
 *     <td>Longest message, at most {@code 256m}. Both ends must give the same. For each client the receiver uses up to this
 *     size for a message of more than 4064 bytes, and 68 KiB besides.</td></tr>
 *   <tr><td>{@code unix:}</td><td>{@code clients}</td><td>{@code 64}</td>
 *     <td>How many senders can be connected to the receiver at once, at most {@code 10000}. One more is disconnected when the
 *     receiver has received what it has sent so far; its next attempt to send is a {@link ChannelBusyException}, and the one
 *     after that connects again. Ignored by senders.</td></tr>
 *   <tr><td>all</td><td>{@code end}</td><td>{@code whenSendersGone}</td>
 *     <td>When the channel is closed for a receiver, see {@link MessageReceiver}: {@code whenSendersGone} or {@code never}. With
 *     {@code never} a receiver waits for the next sender, and only deleting the channel, if it has a name, closes it. Ignored by
 *     senders.</td></tr>
 * </table>
 *
 * <p>The path of a socket has at most 106 bytes, and is text in the encoding of the JVM. A client of a socket that writes
 * something else than messages is disconnected; its receiver reports it by one {@link ChannelCorruptException}, and receives
 * the messages of the others when it is called again. The snapshot of a receiver lists its clients by the process ids that
 * they announce.
 *
 * <p>All methods are thread-safe.
 */
public final class Ipc {
    private Ipc() {}

    /**
     * Opens the sending end of a channel and creates the channel if it is missing; as {@link #sender(String, OpenMode)} with
     * {@link OpenMode#OPEN_OR_CREATE}.
     *
     * @param endpoint for example {@code mapped:jobs?capacity=4m}
     * @return the sender, which the caller must close
     */
    public static MessageSender sender(String endpoint) {
        return sender(endpoint, OpenMode.OPEN_OR_CREATE);
    }

    /**
     * Opens the sending end of a channel and creates the channel if it is missing; as {@link #sender(String)}.
     *
     * @param endpoint the channel
     * @return the sender, which the caller must close
     */
    public static MessageSender sender(Endpoint endpoint) {
        return sender(endpoint, OpenMode.OPEN_OR_CREATE);
    }

    /**
     * Opens the sending end of a channel. Does not wait for a receiver. A {@code fifo:} and a {@code unix:} are created by
     * their receiver alone, so {@link OpenMode#CREATE_NEW} is not possible there.
     *
     * @param endpoint for example {@code mapped:jobs?capacity=4m}; see {@link Endpoint#parse}
     * @param mode whether the channel may or must exist
     * @return the sender, which the caller must close
     * @throws IllegalArgumentException if the endpoint is malformed, its scheme unknown, or an option or the mode wrong
     * @throws ChannelNotFoundException if the channel does not exist and the mode is {@link OpenMode#OPEN_EXISTING}
     * @throws ChannelExistsException if the channel exists and the mode is {@link OpenMode#CREATE_NEW}
     * @throws ChannelBusyException if living processes have all sender slots
     * @throws ChannelException if the channel cannot be opened for another reason
     * @throws UnsupportedOperationException if the transport does not work on this platform
     */
    public static MessageSender sender(String endpoint, OpenMode mode) {
        Objects.requireNonNull(mode, "mode");
        return sender(Endpoint.parse(Objects.requireNonNull(endpoint, "endpoint")), mode);
    }

    /**
     * Opens the sending end of a channel; as {@link #sender(String, OpenMode)}.
     *
     * @param endpoint the channel
     * @param mode whether the channel may or must exist
     * @return the sender, which the caller must close
     */
    public static MessageSender sender(Endpoint endpoint, OpenMode mode) {
        return Transports.of(Objects.requireNonNull(endpoint, "endpoint"))
                .openSender(endpoint, Objects.requireNonNull(mode, "mode"));
    }

    /**
     * Opens the receiving end of a channel and creates the channel if it is missing; as
     * {@link #receiver(String, OpenMode, Delivery)} with {@link OpenMode#OPEN_OR_CREATE} and {@link Delivery#AT_MOST_ONCE}.
     *
     * @param endpoint for example {@code mapped:jobs?capacity=4m}
     * @return the receiver, which the caller must close
     */
    public static MessageReceiver receiver(String endpoint) {
        return receiver(endpoint, OpenMode.OPEN_OR_CREATE);
    }

    /**
     * Opens the receiving end of a channel and creates the channel if it is missing; as {@link #receiver(String)}.
     *
     * @param endpoint the channel
     * @return the receiver, which the caller must close
     */
    public static MessageReceiver receiver(Endpoint endpoint) {
        return receiver(endpoint, OpenMode.OPEN_OR_CREATE, Delivery.AT_MOST_ONCE);
    }

    /**
     * Opens the receiving end of a channel; as {@link #receiver(String, OpenMode, Delivery)} with
     * {@link Delivery#AT_MOST_ONCE}.
     *
     * @param endpoint for example {@code mapped:jobs?capacity=4m}
     * @param mode whether the channel may or must exist
     * @return the receiver, which the caller must close
     */
    public static MessageReceiver receiver(String endpoint, OpenMode mode) {
        return receiver(endpoint, mode, Delivery.AT_MOST_ONCE);
    }

    /**
     * Opens the receiving end of a channel. Does not wait for a sender.
     *
     * @param endpoint for example {@code mapped:jobs?capacity=4m}; see {@link Endpoint#parse}
     * @param mode whether the channel may or must exist
     * @param delivery when a message counts as received
     * @return the receiver, which the caller must close
     * @throws IllegalArgumentException if the endpoint is malformed, its scheme unknown, or an option wrong
     * @throws ChannelNotFoundException if the channel does not exist and the mode is {@link OpenMode#OPEN_EXISTING}
     * @throws ChannelExistsException if the channel exists and the mode is {@link OpenMode#CREATE_NEW}
     * @throws ChannelBusyException if a living process has the receiver slot
     * @throws ChannelException if the channel cannot be opened for another reason
     * @throws UnsupportedOperationException if the transport does not work on this platform
     */
    public static MessageReceiver receiver(String endpoint, OpenMode mode, Delivery delivery) {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(delivery, "delivery");
        return receiver(Endpoint.parse(Objects.requireNonNull(endpoint, "endpoint")), mode, delivery);
    }

    /**
     * Opens the receiving end of a channel; as {@link #receiver(String, OpenMode, Delivery)}.
     *
     * @param endpoint the channel
     * @param mode whether the channel may or must exist
     * @param delivery when a message counts as received
     * @return the receiver, which the caller must close
     */
    public static MessageReceiver receiver(Endpoint endpoint, OpenMode mode, Delivery delivery) {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(delivery, "delivery");
        return Transports.of(Objects.requireNonNull(endpoint, "endpoint")).openReceiver(endpoint, mode, delivery);
    }

    /**
     * Deletes a channel with the messages in it. Its name is free at once.
     *
     * <p>Open ends: the receiver finds the channel closed once it has received what was sent, that of a queue at once. The sender
     * finds it closed at once on {@code mapped:}; on {@code fifo:} and {@code unix:} it connects to the next receiver of that name,
     * at the latest when the present one closes. So it is within about a second if the file is removed or replaced otherwise.
     *
     * @param endpoint for example {@code mapped:jobs}
     * @return true if the channel existed and is now deleted
     * @throws IllegalArgumentException if the endpoint is malformed, its scheme unknown, or an option wrong
     * @throws ChannelException if the file is not such a channel, which then stays as it is, or cannot be deleted
     * @throws UnsupportedOperationException if the transport does not work on this platform
     */
    public static boolean delete(String endpoint) {
        return delete(Endpoint.parse(Objects.requireNonNull(endpoint, "endpoint")));
    }

    /**
     * Deletes a channel; as {@link #delete(String)}.
     *
     * @param endpoint the channel
     * @return true if the channel existed and is now deleted
     */
    public static boolean delete(Endpoint endpoint) {
        return Transports.of(Objects.requireNonNull(endpoint, "endpoint")).delete(endpoint);
    }

    /**
     * Returns the resource that a child process needs to open a channel. The child may be a program in any language:
     *
     * <pre>{@code
     * manager.command("worker").pass("jobs", Ipc.forChild("mapped:jobs")).start();
     *
     * Ipc.receiver(Ipc.inherited("jobs"))               // in the child, if it is a JVM
     * }</pre>
     *
     * <p>The child finds the name of the channel's file in the environment variable {@code PM_RESOURCE_JOBS}. This method
     * neither opens nor creates anything.
     *
     * @param endpoint for example {@code mapped:jobs}
     * @return the argument for {@link org.processmanager.core.Command#pass}
     * @throws IllegalArgumentException if the endpoint is malformed, its scheme unknown, or an option wrong
     * @throws UnsupportedOperationException if channels of that scheme cannot be passed to a child
     */
    public static Inheritable forChild(String endpoint) {
        Endpoint parsed = Endpoint.parse(Objects.requireNonNull(endpoint, "endpoint"));
        return Transports.of(parsed).forChild(parsed);
    }

    /**
     * Creates a channel without a name, for this process and its children.
     *
     * <pre>{@code
     * try (ChannelPair results = Ipc.pair("pipe:?capacity=1m");
     *         MessageReceiver receiver = results.receiver()) {
     *     manager.command("worker").pass("results", results.senderForChild()).start();
     *     receiver.forEach(result -> use(result));      // returns when the worker has exited
     * }
     * }</pre>
     *
     * @param endpoint a scheme and options, without a target: {@code pipe:} or {@code mapped:?capacity=1m}
     * @return its ends; the caller must close the pair
     * @throws IllegalArgumentException if the endpoint is malformed or has a target, its scheme unknown, or an option wrong
     * @throws ChannelException if the channel cannot be created
     * @throws UnsupportedOperationException if the transport has no channels without a name, or they do not work on this
     *     platform
     */
    public static ChannelPair pair(String endpoint) {
        return pair(Endpoint.parse(Objects.requireNonNull(endpoint, "endpoint")));
    }

    /**
     * Creates a channel without a name; as {@link #pair(String)}.
     *
     * @param endpoint a scheme and options, with an empty target
     * @return its ends; the caller must close the pair
     */
    public static ChannelPair pair(Endpoint endpoint) {
        return Transports.of(Objects.requireNonNull(endpoint, "endpoint")).pair(endpoint);
    }

    /**
     * Returns the endpoint of a channel that the parent passed to this process. The type of what was passed selects the scheme:
     * {@code pipe:} for an end of a pipe, {@code mapped:} for a region, and for the name of a file {@code fifo:}, {@code unix:}
     * or {@code mapped:}.
     *
     * <p>An end of a pipe belongs to the ends that this process opens from now on: once they are closed, the parent finds the
     * channel closed. They can be opened again.
     *
     * @param name the name that the parent gave to the resource
     * @return the endpoint, without options; add those that the parent uses, by {@link Endpoint#with}
     * @throws IllegalArgumentException if the name is malformed
     * @throws ChannelNotFoundException if the parent passed nothing of that name, or the file does not exist
     * @throws ChannelException if the resource is no channel
     */
    public static Endpoint inherited(String name) {
        return InheritedChannel.find(Objects.requireNonNull(name, "name"));
    }

    /**
     * Returns the endpoint of a channel that the parent passed to this process by the name of its file, which need not exist: for
     * a channel that this process creates.
     *
     * @param name the name that the parent gave to the resource
     * @param scheme the scheme of the channel
     * @return the endpoint, without options
     * @throws IllegalArgumentException if the name or the scheme is malformed
     * @throws ChannelNotFoundException if the parent passed no file of that name
     */
    public static Endpoint inherited(String name, String scheme) {
        return InheritedChannel.find(Objects.requireNonNull(name, "name"), Objects.requireNonNull(scheme, "scheme"));
    }

    /**
     * Reads the state of a channel without taking part in it: takes no slot, changes nothing, and works also when all processes
     * that used it are dead. Only {@code mapped:} supports it.
     *
     * @param endpoint for example {@code mapped:jobs}
     * @return the state
     * @throws IllegalArgumentException if the endpoint is malformed, its scheme unknown, or an option wrong
     * @throws ChannelNotFoundException if there is no such channel
     * @throws ChannelException if the file is not such a channel, or cannot be read
     * @throws UnsupportedOperationException if channels of that scheme cannot be inspected
     */
    public static ChannelInspection inspect(String endpoint) {
        Endpoint parsed = Endpoint.parse(Objects.requireNonNull(endpoint, "endpoint"));
        return Transports.of(parsed).inspect(parsed);
    }

    /**
     * Reads the last messages of a channel without receiving them, those that were received included as far as they are not
     * overwritten. Takes no slot, changes nothing, and works also when all processes that used it are dead. Only
     * {@code mapped:} supports it. If the channel is in use, a message may be overwritten while it is read.
     *
     * @param endpoint for example {@code mapped:jobs}
     * @param limit the largest number of messages of each lane, more than 0
     * @return the messages by lane, the oldest first
     * @throws IllegalArgumentException if the endpoint is malformed, its scheme unknown, an option wrong, or the limit less
     *     than 1
     * @throws ChannelNotFoundException if there is no such channel
     * @throws ChannelException if the file is not such a channel, or cannot be read
     * @throws UnsupportedOperationException if channels of that scheme keep no messages in a file
     */
    public static List<ChannelInspection.KeptMessage> lastMessages(String endpoint, int limit) {
        Endpoint parsed = Endpoint.parse(Objects.requireNonNull(endpoint, "endpoint"));
        if (limit < 1) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: at least 1)");
        }
        return Transports.of(parsed).lastMessages(parsed, limit);
    }

    /**
     * Returns the available transports: those of this library and those that a {@link ServiceLoader} finds.
     *
     * @return by scheme, in alphabetical order
     * @throws IllegalStateException if two classes claim one scheme
     */
    public static SortedMap<String, Transport> transports() {
        return Transports.all();
    }
}
