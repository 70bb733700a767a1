package org.processmanager.ipc;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import org.processmanager.core.Inheritable;
import org.processmanager.core.InheritedResources;
import org.processmanager.sync.OpenMode;

/**
 * Opens the ends of channels between processes.
 *
 * <pre>{@code
 * try (MessageReceiver jobs = Ipc.receiver("mapped:jobs?capacity=4m", OpenMode.OPEN_OR_CREATE)) {
 *     jobs.forEach(message -> handle(message));    // returns when the channel has ended
 * }
 * // in another program
 * try (MessageSender jobs = Ipc.sender("mapped:jobs", OpenMode.OPEN_OR_CREATE)) {
 *     jobs.send(bytes);
 * }
 * }</pre>
 *
 * <p>The scheme of the endpoint picks the {@link Transport}:
 *
 * <table>
 *   <caption>Transports of this library</caption>
 *   <tr><th>scheme</th><th>a channel is</th><th>senders</th><th>kept while nobody receives</th></tr>
 *   <tr><td>{@code fifo:}</td><td>a named pipe of the operating system</td><td>any number</td><td>no</td></tr>
 *   <tr><td>{@code mapped:}</td><td>a ring in shared memory, the fastest</td><td>one</td><td>yes, until it is full</td></tr>
 * </table>
 *
 * <p>A target without a slash is a name: the channel lies in the folder of this user's shared memory,
 * {@code /dev/shm/pm-<uid>/} (which some systems clear when the user logs out). A target with a slash is a path.
 */
public final class Ipc {
    private Ipc() {}

    /**
     * Opens the sending end of a channel.
     *
     * @param endpoint as {@code mapped:jobs?capacity=4m}; see {@link Endpoint#parse}
     * @param mode whether the channel may or must exist
     * @return the sender; to be closed
     * @throws IllegalArgumentException if the endpoint is malformed, its scheme unknown, or an option wrong
     * @throws ChannelException if the channel cannot be opened
     * @throws UnsupportedOperationException if this transport does not work on this platform
     */
    public static MessageSender sender(String endpoint, OpenMode mode) {
        Objects.requireNonNull(mode, "mode");
        return sender(Endpoint.parse(Objects.requireNonNull(endpoint, "endpoint")), mode);
    }

    /**
     * Opens the sending end of a channel; as {@link #sender(String, OpenMode)}.
     *
     * @param endpoint the channel
     * @param mode whether it may or must exist
     * @return the sender; to be closed
     */
    public static MessageSender sender(Endpoint endpoint, OpenMode mode) {
        return transport(Objects.requireNonNull(endpoint, "endpoint"))
                .openSender(endpoint, Objects.requireNonNull(mode, "mode"));
    }

    /**
     * Opens the receiving end of a channel, {@link Delivery#AT_MOST_ONCE}.
     *
     * @param endpoint as {@code mapped:jobs?capacity=4m}; see {@link Endpoint#parse}
     * @param mode whether the channel may or must exist
     * @return the receiver; to be closed
     * @throws IllegalArgumentException if the endpoint is malformed, its scheme unknown, or an option wrong
     * @throws ChannelException if the channel cannot be opened
     * @throws UnsupportedOperationException if this transport does not work on this platform
     */
    public static MessageReceiver receiver(String endpoint, OpenMode mode) {
        return receiver(endpoint, mode, Delivery.AT_MOST_ONCE);
    }

    /**
     * Opens the receiving end of a channel; as {@link #receiver(String, OpenMode)}.
     *
     * @param endpoint as {@code mapped:jobs?capacity=4m}
     * @param mode whether the channel may or must exist
     * @param delivery when a message counts as received
     * @return the receiver; to be closed
     */
    public static MessageReceiver receiver(String endpoint, OpenMode mode, Delivery delivery) {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(delivery, "delivery");
        return receiver(Endpoint.parse(Objects.requireNonNull(endpoint, "endpoint")), mode, delivery);
    }

    /**
     * Opens the receiving end of a channel; as {@link #receiver(String, OpenMode)}.
     *
     * @param endpoint the channel
     * @param mode whether it may or must exist
     * @param delivery when a message counts as received
     * @return the receiver; to be closed
     */
    public static MessageReceiver receiver(Endpoint endpoint, OpenMode mode, Delivery delivery) {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(delivery, "delivery");
        return transport(Objects.requireNonNull(endpoint, "endpoint")).openReceiver(endpoint, mode, delivery);
    }

    /**
     * What a child is given that shall open a channel; the child may be a program in any language:
     *
     * <pre>{@code
     * manager.command("worker").pass("jobs", Ipc.forChild("mapped:jobs")).start();
     *
     * Ipc.receiver(Ipc.inherited("jobs", "mapped"), OpenMode.OPEN_EXISTING, delivery)     // in the child, if it is a JVM
     * }</pre>
     *
     * <p>It is announced by the name of the channel's file, in {@code PM_RESOURCE_JOBS}; nothing is opened or made for it.
     *
     * @param endpoint as {@code mapped:jobs}
     * @return for {@link org.processmanager.core.Command#pass}
     * @throws IllegalArgumentException if the endpoint is malformed, its scheme unknown, or an option wrong
     * @throws UnsupportedOperationException if channels of that scheme cannot be handed over
     */
    public static Inheritable forChild(String endpoint) {
        Endpoint parsed = Endpoint.parse(Objects.requireNonNull(endpoint, "endpoint"));
        return transport(parsed).forChild(parsed);
    }

    /**
     * The endpoint of a channel that the parent handed over to this process.
     *
     * @param name the name that the parent gave it
     * @param scheme of the channel
     * @return the endpoint, without options
     * @throws IllegalArgumentException if it is no name of a resource, or no scheme
     * @throws ChannelNotFoundException if no file was handed over by that name
     */
    public static Endpoint inherited(String name, String scheme) {
        Objects.requireNonNull(scheme, "scheme");
        Optional<InheritedResources> file =
                InheritedResources.find(name).filter(found -> found.descriptor().isEmpty());
        if (file.isEmpty()) {
            throw new ChannelNotFoundException("cannot open channel '" + name
                    + "': none was handed over to this process; start it with pass(\"" + name
                    + "\", Ipc.forChild(endpoint))");
        }
        return new Endpoint(scheme, file.get().path().toString(), Map.of());
    }

    /**
     * The transports that can be found: those of this library and those of the program.
     *
     * @return by scheme, in alphabetical order
     * @throws IllegalStateException if two classes claim one scheme
     */
    public static SortedMap<String, Transport> transports() {
        SortedMap<String, Transport> found = new TreeMap<>();
        collect(ServiceLoader.load(Transport.class, Ipc.class.getClassLoader()), found);
        collect(ServiceLoader.load(Transport.class), found);
        return Collections.unmodifiableSortedMap(found);
    }

    private static Transport transport(Endpoint endpoint) {
        Map<String, Transport> known = transports();
        Transport transport = known.get(endpoint.scheme());
        if (transport == null) {
            throw new IllegalArgumentException("scheme of " + endpoint + ": " + endpoint.scheme() + " (expected: "
                    + String.join(", ", known.keySet()) + ")");
        }
        return transport;
    }

    /** Both loaders may find the same class; two classes of one scheme are a mistake that nobody should have to guess at. */
    private static void collect(Iterable<Transport> loaded, Map<String, Transport> found) {
        for (Transport transport : loaded) {
            Transport other = found.putIfAbsent(transport.scheme(), transport);
            if (other != null && other.getClass() != transport.getClass()) {
                throw new IllegalStateException("scheme " + transport.scheme() + ": provided by "
                        + other.getClass().getName() + " and by "
                        + transport.getClass().getName() + " (expected: one of them)");
            }
        }
    }
}
