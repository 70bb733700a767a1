package org.processmanager.examples.app.cli.terminal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * Signal handlers of this JVM, by reflection on {@code sun.misc.Signal} of the module jdk.unsupported: javac warns of every
 * direct use. A shutdown hook, the alternative, can neither distinguish signals nor continue.
 */
public final class Signals {
    private Signals() {}

    /**
     * Runs an action, on a thread of its own, on each delivery of the signal, which then no longer ends the JVM.
     *
     * @param name the signal without SIG, as {@code INT}
     * @return restores the handler of before; null if that is not possible, and nothing has changed then
     */
    public static @Nullable Runnable handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        switch (method.getName()) {
                            case "handle":
                                action.run();
                                return null;
                            case "hashCode":
                                return System.identityHashCode(self);
                            case "equals":
                                return self == arguments[0];
                            default:
                                return "handler of SIG" + name;
                        }
                    });
            Object instance = signal.getConstructor(String.class).newInstance(name);
            Method handle = signal.getMethod("handle", signal, handler);
            Object before = handle.invoke(null, instance, proxy);
            Object ignored = handler.getField("SIG_IGN").get(null);
            if (ignored.equals(before)) { // not the other way: handlers of JLine have no equals
                // As under nohup: the caller ignores it for this process and its children.
                handle.invoke(null, instance, ignored);
            }
            return () -> restore(handle, instance, before);
        } catch (ReflectiveOperationException e) {
            if (e instanceof InvocationTargetException && e.getCause() instanceof Error error) {
                throw error;
            }
            return null; // another JVM, or one that uses this signal itself (-Xrs)
        }
    }

    private static void restore(Method handle, Object signal, Object before) {
        try {
            handle.invoke(null, signal, before);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e); // it has worked once
        }
    }
}
