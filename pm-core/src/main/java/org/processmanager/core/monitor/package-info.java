/**
 * The processes of the system: {@link org.processmanager.core.monitor.ProcessTable} reads them,
 * {@link org.processmanager.core.monitor.ProcessSnapshot} is the state of one of them.
 *
 * <p>Needs {@code com.github.oshi:oshi-core} on the class path or module path; without it the calls throw.
 */
@NullMarked
package org.processmanager.core.monitor;

import org.jspecify.annotations.NullMarked;
