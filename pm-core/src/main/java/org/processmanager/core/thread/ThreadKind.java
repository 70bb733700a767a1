package org.processmanager.core.thread;

/** The kind of a managed thread. */
public enum ThreadKind {
    /** A thread of the operating system. */
    PLATFORM,
    /** A virtual thread of the JVM, from Java 21 on. */
    VIRTUAL
}
