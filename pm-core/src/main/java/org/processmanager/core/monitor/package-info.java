/**
 * The processes of the system: {@link org.processmanager.core.monitor.ProcessTable} reads them,
 * {@link org.processmanager.core.monitor.ProcessSnapshot} is the state of one of them.
 *
 * <p>On Linux nothing else is needed; on other systems {@code com.github.oshi:oshi-core} is, without which the calls throw.
 */
@NullMarked
package org.processmanager.core.monitor;

import org.jspecify.annotations.NullMarked;
