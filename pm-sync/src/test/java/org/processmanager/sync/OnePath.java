package org.processmanager.sync;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * A test that runs without the native layer in the soak alone: it compares what is in the region, where both paths are the same
 * code, and other tests of its class show on both paths how the death of a process is noticed.
 */
@Tag("one-path")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OnePath {}
