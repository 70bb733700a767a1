import org.jspecify.annotations.NullMarked;

/**
 * Processes of the operating system: launch, watch, signal, stop, limit, list. The internal packages below are for the
 * next modules of this project alone.
 */
@NullMarked
module org.processmanager.core {
    requires com.sun.jna;
    requires java.management;
    requires static com.github.oshi;
    requires transitive org.slf4j;
    requires static transitive org.jspecify;

    exports org.processmanager.core;
    exports org.processmanager.core.event;
    exports org.processmanager.core.thread;
    exports org.processmanager.core.monitor;
    exports org.processmanager.core.registry;
    exports org.processmanager.core.supervise;
    exports org.processmanager.core.internal.posix to
            org.processmanager.sync,
            org.processmanager.ipc;
    exports org.processmanager.core.internal.reactor to
            org.processmanager.sync,
            org.processmanager.ipc;
    exports org.processmanager.core.internal.util to
            org.processmanager.sync,
            org.processmanager.ipc;

    opens org.processmanager.core.internal.posix to
            com.sun.jna;
}
