package org.processmanager.sync.internal.region.object;

/**
 * Kinds of objects that a module adds, found by {@link java.util.ServiceLoader}: whoever repairs or looks at a
 * region should know all kinds that are on its path, also those that it does not use itself.
 */
public interface ObjectTypes {
    /** Registers them with {@link ObjectHandler#register}, which must not need them to be registered already. */
    void register();
}
