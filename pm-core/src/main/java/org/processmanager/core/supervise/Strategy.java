package org.processmanager.core.supervise;

/** Which children are started again together with one that has ended, named as in Erlang/OTP. */
public enum Strategy {
    /** That child alone. */
    ONE_FOR_ONE,
    /** That child, and those that are started after it: they are stopped first. */
    REST_FOR_ONE,
    /** All children: the others are stopped first. */
    ONE_FOR_ALL
}
