package org.processmanager.ipc.internal.lookup;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.processmanager.ipc.Endpoint;
import org.processmanager.ipc.Transport;
import org.processmanager.ipc.internal.fifo.FifoTransport;
import org.processmanager.ipc.internal.fifo.PipeTransport;
import org.processmanager.ipc.internal.mapped.MappedTransport;
import org.processmanager.ipc.internal.unix.UnixTransport;

/** The transports by scheme: those of this library, which cannot be replaced, and those that a service loader finds. */
public final class Transports {
    private static final String[] BUILT_IN = {
        FifoTransport.SCHEME, MappedTransport.SCHEME, PipeTransport.SCHEME, UnixTransport.SCHEME
    };

    private Transports() {}

    /**
     * Returns the transport of an endpoint.
     *
     * @throws IllegalArgumentException if its scheme is unknown, listing those found
     */
    public static Transport of(Endpoint endpoint) {
        Transport transport = builtIn(endpoint.scheme());
        if (transport != null) {
            return transport;
        }
        Map<String, Transport> known = all();
        transport = known.get(endpoint.scheme());
        if (transport == null) {
            throw new IllegalArgumentException("scheme of " + endpoint + ": " + endpoint.scheme()
                    + " is unknown (expected: " + String.join(", ", known.keySet()) + ")");
        }
        return transport;
    }

    /**
     * Returns all transports by scheme.
     *
     * @throws IllegalStateException if two classes claim one scheme
     */
    public static SortedMap<String, Transport> all() {
        SortedMap<String, Transport> found = new TreeMap<>();
        for (String scheme : BUILT_IN) {
            found.put(scheme, Objects.requireNonNull(builtIn(scheme)));
        }
        collect(ServiceLoader.load(Transport.class, Transports.class.getClassLoader()), found);
        collect(ServiceLoader.load(Transport.class), found);
        return Collections.unmodifiableSortedMap(found);
    }

    /** Without a service loader, which would double the cost of the first channel of a JVM. */
    private static @Nullable Transport builtIn(String scheme) {
        return switch (scheme) {
            case FifoTransport.SCHEME -> new FifoTransport();
            case MappedTransport.SCHEME -> new MappedTransport();
            case PipeTransport.SCHEME -> new PipeTransport();
            case UnixTransport.SCHEME -> new UnixTransport();
            default -> null;
        };
    }

    /** Two class loaders may find the same class, but two classes of one scheme are a configuration error. */
    private static void collect(ServiceLoader<Transport> loaded, Map<String, Transport> found) {
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
