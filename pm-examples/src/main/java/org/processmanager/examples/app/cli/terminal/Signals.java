package org.processmanager.examples.app.cli.terminal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * What this JVM does on a signal. By reflection on {@code sun.misc.Signal} of the module jdk.unsupported: javac warns of
 * every direct use, and there is no other way but a shutdown hook, which cannot tell signals apart nor go on.
 */
public final class Signals {
    private Signals() {}

    /**
     * Runs an action, on a thread of its own, whenever the signal comes; the JVM then no longer ends by it.
     *
     * @param name the signal without SIG, as {@code INT}
     * @return false where that is not possible; everything is then as before
     */
    public static boolean handle(String name, Runnable action) {
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
            if (before.equals(ignored)) {
                // As under nohup: who started us wants it ignored, by us and by what we start.
                handle.invoke(null, instance, ignored);
            }
            return true;
        } catch (ReflectiveOperationException e) {
            if (e instanceof InvocationTargetException && e.getCause() instanceof Error error) {
                throw error;
            }
            return false; // not this JVM, or the JVM keeps this signal for itself (-Xrs)
        }
    }
}
