package org.processmanager.sync.internal.region.object;

/**
 * The object types of a module, found by {@link java.util.ServiceLoader}: a process that repairs or inspects a region must
 * know all types on its path, including those that it does not use.
 */
public interface ObjectTypes {
    /** Registers them with {@link ObjectHandler#register}; requires no type to be registered already. */
    void register();
}
