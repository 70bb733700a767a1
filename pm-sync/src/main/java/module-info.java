import org.jspecify.annotations.NullMarked;

/** Shared memory and synchronizers in it. */
@NullMarked
module org.processmanager.sync {
    requires transitive org.processmanager.core;
    requires org.slf4j;
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
