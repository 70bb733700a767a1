/** Examples of messages between processes. */
@NullMarked
package org.processmanager.examples.ipc;

import org.jspecify.annotations.NullMarked;
