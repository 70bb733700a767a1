package org.processmanager.core.internal.util;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Virtual threads, which code compiled for Java 17 cannot name. */
public final class VirtualThreads {
    private static final int FIRST_JAVA = 21;
    private static final boolean SUPPORTED = Runtime.version().feature() >= FIRST_JAVA;

    private VirtualThreads() {}

    /** The method handles, which Java 17 does not need. */
    private static final class Handles {
        static final MethodHandle IS_VIRTUAL;
        static final MethodHandle UNSTARTED;

        static {
            try {
                MethodHandles.Lookup lookup = MethodHandles.publicLookup();
                IS_VIRTUAL = lookup.findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
                Class<?> builder = Class.forName("java.lang.Thread$Builder");
                Class<?> ofVirtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
                MethodHandle make = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(ofVirtual));
                MethodHandle unstarted =
                        lookup.findVirtual(builder, "unstarted", MethodType.methodType(Thread.class, Runnable.class));
                UNSTARTED = MethodHandles.foldArguments(
                        unstarted.asType(MethodType.methodType(Thread.class, ofVirtual, Runnable.class)), make);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }

    /** Returns whether this JVM has virtual threads. */
    public static boolean isSupported() {
        return SUPPORTED;
    }

    /** Returns whether the calling thread is virtual, and so must not block in native code. */
    public static boolean isCurrent() {
        if (!SUPPORTED) {
            return false;
        }
        try {
            return (boolean) Handles.IS_VIRTUAL.invokeExact(Thread.currentThread());
        } catch (Throwable e) {
            throw new IllegalStateException("Thread.isVirtual failed", e);
        }
    }

    /**
     * Returns a virtual thread that is not started.
     *
     * @throws UnsupportedOperationException if this JVM has no virtual threads
     */
    public static Thread unstarted(String name, Runnable task) {
        if (!SUPPORTED) {
            throw new UnsupportedOperationException("virtual threads need Java " + FIRST_JAVA + ", this is Java "
                    + Runtime.version().feature() + "; use a platform thread");
        }
        try {
            Thread thread = (Thread) Handles.UNSTARTED.invokeExact(task);
            thread.setName(name);
            return thread;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("no virtual thread can be created", e);
        }
    }
}
