import org.jspecify.annotations.NullMarked;

/** Processes of the operating system: launch, watch, signal, stop, limit, list. */
@NullMarked
module org.processmanager.core {
    requires com.sun.jna;
    requires static com.github.oshi;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports org.processmanager.core;
}
