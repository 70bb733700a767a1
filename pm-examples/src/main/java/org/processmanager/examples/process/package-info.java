/** Examples of processes: launch, capture, exit codes, timeouts. */
@NullMarked
package org.processmanager.examples.process;

import org.jspecify.annotations.NullMarked;
