/**
 * A look at the processes of the system: {@link org.processmanager.core.monitor.ProcessTable} reads them,
 * {@link org.processmanager.core.monitor.ProcessSnapshot} is what one of them was at that moment.
 *
 * <p>Needs {@code com.github.oshi:oshi-core} on the class path or module path; without it the calls say so.
 */
@NullMarked
package org.processmanager.core.monitor;

import org.jspecify.annotations.NullMarked;
