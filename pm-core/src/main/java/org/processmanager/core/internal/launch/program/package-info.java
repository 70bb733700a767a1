/**
 * Which file a launch executes and with which environment: program lookup, checks of executables and scripts, locale,
 * arguments of a JVM.
 */
@NullMarked
package org.processmanager.core.internal.launch.program;

import org.jspecify.annotations.NullMarked;
