/**
 * Detached processes: the files of an entry of the registry, the program that runs beside a detached process, and the log of
 * its output.
 */
@NullMarked
package org.processmanager.core.internal.detached;

import org.jspecify.annotations.NullMarked;
