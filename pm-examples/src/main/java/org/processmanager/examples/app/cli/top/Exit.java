package org.processmanager.examples.app.cli.top;

import org.processmanager.core.monitor.ProcessSnapshot;

/**
 * A process that has exited.
 *
 * @param process its last state
 * @param status how it exited, for example {@code exit code 1}; empty if that is not known
 */
record Exit(ProcessSnapshot process, String status) {}
