package org.processmanager.core.internal.launch.spec;

/** Which session and process group a child belongs to. */
public enum Placement {
    /** A session of its own, but the JVM's group if one of its standard streams is the JVM's. */
    AUTOMATIC,
    /** A group of its own in the JVM's session. */
    OWN_GROUP,
    /** A session of its own, and with it a group. */
    OWN_SESSION
}
