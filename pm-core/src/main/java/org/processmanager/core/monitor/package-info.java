/**
 * The processes of the system: {@link org.processmanager.core.monitor.ProcessTable} reads them,
 * {@link org.processmanager.core.monitor.ProcessSnapshot} is the state of one of them,
 * {@link org.processmanager.core.monitor.ProcessTree} arranges them by parent, a
 * {@link org.processmanager.core.monitor.Sampler} measures their load, and
 * {@link org.processmanager.core.monitor.ProcessDetails} reads the rest of one process on demand.
 *
 * <p>On Linux nothing else is needed; on other systems {@code com.github.oshi:oshi-core} is, without which the calls throw.
 */
@NullMarked
package org.processmanager.core.monitor;

import org.jspecify.annotations.NullMarked;
