import org.jspecify.annotations.NullMarked;

/**
 * Messages between processes. Begin at {@link org.processmanager.ipc}, whose page says what to use when.
 *
 * <p>A program that requires this module has the other two. Transports of a program's own are services of the type
 * {@link org.processmanager.ipc.Transport}.
 */
@NullMarked
module org.processmanager.ipc {
    requires transitive org.processmanager.sync;
    requires static transitive org.jspecify;
    requires jdk.net;
    requires static jdk.jfr;

    exports org.processmanager.ipc;

    uses org.processmanager.ipc.Transport;

    provides org.processmanager.sync.internal.region.object.ObjectTypes with
            org.processmanager.ipc.internal.broadcast.BroadcastObjectTypes,
            org.processmanager.ipc.internal.mapped.ChannelObjectTypes,
            org.processmanager.ipc.internal.queue.QueueObjectTypes;
}
