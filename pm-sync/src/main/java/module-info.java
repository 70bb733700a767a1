import org.jspecify.annotations.NullMarked;

/**
 * Shared memory and synchronizers in it. Begin at {@link org.processmanager.sync}, whose page says what to use when.
 *
 * <p>Requires {@code org.processmanager.core}, also at run time: deaths of processes are detected by its native layer, or,
 * with {@code org.processmanager.native=off}, by file locks.
 */
@NullMarked
module org.processmanager.sync {
    requires transitive org.processmanager.core;
    requires org.slf4j;
    requires static jdk.jfr;
    requires static transitive org.jspecify;

    exports org.processmanager.sync;
    exports org.processmanager.sync.internal to
            org.processmanager.ipc;
    exports org.processmanager.sync.internal.buffer to
            org.processmanager.ipc;
    exports org.processmanager.sync.internal.region to
            org.processmanager.ipc;
    exports org.processmanager.sync.internal.region.file to
            org.processmanager.ipc;
    exports org.processmanager.sync.internal.region.layout to
            org.processmanager.ipc;
    exports org.processmanager.sync.internal.region.object to
            org.processmanager.ipc;
    exports org.processmanager.sync.internal.region.park to
            org.processmanager.ipc;

    uses org.processmanager.sync.internal.region.object.ObjectTypes;

    provides org.processmanager.sync.internal.region.object.ObjectTypes with
            org.processmanager.sync.internal.SyncObjectTypes;
}
