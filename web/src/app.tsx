import { ToastProvider } from './ui/toast.js';

export function App() {
  return <ToastProvider>{null}</ToastProvider>;
}
