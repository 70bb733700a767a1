/** Tests of the steps of a buffer that no public method stops at. */
package org.processmanager.sync.internal.buffer;
