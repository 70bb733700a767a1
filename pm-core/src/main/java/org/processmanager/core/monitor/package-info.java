/**
 * The processes of the system: {@link org.processmanager.core.monitor.ProcessTable} reads them,
 * {@link org.processmanager.core.monitor.ProcessSnapshot} is the state of one of them,
 * {@link org.processmanager.core.monitor.ProcessTree} arranges them by parent, a
 * {@link org.processmanager.core.monitor.Sampler} measures their load, and
 * {@link org.processmanager.core.monitor.ProcessDetails} reads the rest of one process on demand.
 *
 * <pre>{@code
 * Sampler sampler = Sampler.ofAll();
 * Thread.sleep(1000);
 * Sample sample = sampler.sample();
 * sample.cpuPercents().entrySet().stream()
 *         .sorted(Map.Entry.<Long, Double>comparingByValue().reversed())
 *         .limit(10)
 *         .forEach(load -> System.out.println(load.getValue() + " % " + load.getKey()));
 * }</pre>
 *
 * <ul>
 *   <li>One look, without load: {@link org.processmanager.core.monitor.ProcessTable#list()}; the process behind a pid or a
 *       port: {@link org.processmanager.core.monitor.ProcessTable#find(long)},
 *       {@link org.processmanager.core.monitor.ProcessTable#listeningOn(int)}.
 *   <li>Load: a {@link org.processmanager.core.monitor.Sampler}, which measures over the time between two of its samples.
 *   <li>All descendants of a process, or their sum: {@link org.processmanager.core.monitor.ProcessTree}.
 *   <li>Threads, descriptors, sockets, memory in detail, environment of one process:
 *       {@link org.processmanager.core.monitor.ProcessDetails}.
 *   <li>The exit of a process that this library did not start:
 *       {@link org.processmanager.core.ProcessManager#adopt(org.processmanager.core.ProcessIdentity)}.
 * </ul>
 *
 * <p>A pid alone may name another process later. What keeps a process keeps its
 * {@link org.processmanager.core.ProcessIdentity}, the pid with its start time.
 *
 * <p>On Linux nothing else is needed; on other systems {@code com.github.oshi:oshi-core} is, without which the calls throw.
 */
@NullMarked
package org.processmanager.core.monitor;

import org.jspecify.annotations.NullMarked;
