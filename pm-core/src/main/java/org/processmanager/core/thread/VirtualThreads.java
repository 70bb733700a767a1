package org.processmanager.core.thread;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** Virtual threads, which this code, compiled for Java 17, cannot name. */
final class VirtualThreads {
    private static final @Nullable MethodHandle UNSTARTED = find();

    private VirtualThreads() {}

    static boolean supported() {
        return UNSTARTED != null;
    }

    /** A virtual thread that was not started. */
    static Thread unstarted(String name, Runnable task) {
        MethodHandle unstarted = UNSTARTED;
        if (unstarted == null) {
            throw new UnsupportedOperationException("virtual threads need Java 21, this is Java "
                    + Runtime.version().feature() + "; use a platform thread");
        }
        try {
            Thread thread = (Thread) unstarted.invoke(task);
            thread.setName(name);
            return thread;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable MethodHandle find() {
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Class<?> builder = Class.forName("java.lang.Thread$Builder");
            Class<?> ofVirtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
            MethodHandle make = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(ofVirtual));
            MethodHandle unstarted =
                    lookup.findVirtual(builder, "unstarted", MethodType.methodType(Thread.class, Runnable.class));
            return MethodHandles.foldArguments(
                    unstarted.asType(MethodType.methodType(Thread.class, ofVirtual, Runnable.class)), make);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
