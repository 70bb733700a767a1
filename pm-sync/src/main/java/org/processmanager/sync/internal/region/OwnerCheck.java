package org.processmanager.sync.internal.region;

/** Checks the owner of something that a thread of this process may own; see {@link Region#addOwnerCheck}. */
public interface OwnerCheck {
    /** Releases it if its owner is a terminated thread of this handle; returns false if it no longer exists. */
    boolean check();
}
