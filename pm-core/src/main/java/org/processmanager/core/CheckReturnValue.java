package org.processmanager.core;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method whose result must not be ignored, or a type all of whose methods are such: a fluent copy changes nothing
 * unless its result is used. Error Prone and the inspections of IDEs recognize annotations of this name and report calls
 * that drop the result.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface CheckReturnValue {}
