import org.jspecify.annotations.NullMarked;

/**
 * Processes of the operating system: launch, watch, signal, stop, limit, list.
 *
 * <p>Begin at {@link org.processmanager.core}, whose page says what to use when and states the conventions of all modules. The
 * module opens one package to JNA, and needs no option of the JVM; JDK 24 and later print a warning without
 * {@code --enable-native-access=com.sun.jna}, or {@code =ALL-UNNAMED} on the class path. It logs through SLF4J.
 *
 * <p>System property: {@code org.processmanager.native=off} selects the portable path, which needs no native code.
 */
@NullMarked
module org.processmanager.core {
    requires com.sun.jna;
    requires java.management;
    requires static com.github.oshi;
    requires static jdk.jfr;
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
